// Generated from PostgreSQL's own tables by `cargo xtask generate`; do not edit.

use crate::error::SqlState;

impl SqlState {
    /// `00000`: `successful_completion`. Class 00 - Successful Completion.
    pub const SUCCESSFUL_COMPLETION: Self = Self::known(b"00000");
    /// `01000`: `warning`. Class 01 - Warning.
    pub const WARNING: Self = Self::known(b"01000");
    /// `01003`: `null_value_eliminated_in_set_function`. Class 01 - Warning.
    pub const WARNING_NULL_VALUE_ELIMINATED_IN_SET_FUNCTION: Self = Self::known(b"01003");
    /// `01004`: `string_data_right_truncation`. Class 01 - Warning.
    pub const WARNING_STRING_DATA_RIGHT_TRUNCATION: Self = Self::known(b"01004");
    /// `01006`: `privilege_not_revoked`. Class 01 - Warning.
    pub const WARNING_PRIVILEGE_NOT_REVOKED: Self = Self::known(b"01006");
    /// `01007`: `privilege_not_granted`. Class 01 - Warning.
    pub const WARNING_PRIVILEGE_NOT_GRANTED: Self = Self::known(b"01007");
    /// `01008`: `implicit_zero_bit_padding`. Class 01 - Warning.
    pub const WARNING_IMPLICIT_ZERO_BIT_PADDING: Self = Self::known(b"01008");
    /// `0100C`: `dynamic_result_sets_returned`. Class 01 - Warning.
    pub const WARNING_DYNAMIC_RESULT_SETS_RETURNED: Self = Self::known(b"0100C");
    /// `01P01`: `deprecated_feature`. Class 01 - Warning.
    pub const WARNING_DEPRECATED_FEATURE: Self = Self::known(b"01P01");
    /// `02000`: `no_data`. Class 02 - No Data (this is also a warning class per the SQL standard).
    pub const NO_DATA: Self = Self::known(b"02000");
    /// `02001`: `no_additional_dynamic_result_sets_returned`. Class 02 - No Data (this is also a warning class per the SQL standard).
    pub const NO_ADDITIONAL_DYNAMIC_RESULT_SETS_RETURNED: Self = Self::known(b"02001");
    /// `03000`: `sql_statement_not_yet_complete`. Class 03 - SQL Statement Not Yet Complete.
    pub const SQL_STATEMENT_NOT_YET_COMPLETE: Self = Self::known(b"03000");
    /// `08000`: `connection_exception`. Class 08 - Connection Exception.
    pub const CONNECTION_EXCEPTION: Self = Self::known(b"08000");
    /// `08001`: `sqlclient_unable_to_establish_sqlconnection`. Class 08 - Connection Exception.
    pub const SQLCLIENT_UNABLE_TO_ESTABLISH_SQLCONNECTION: Self = Self::known(b"08001");
    /// `08003`: `connection_does_not_exist`. Class 08 - Connection Exception.
    pub const CONNECTION_DOES_NOT_EXIST: Self = Self::known(b"08003");
    /// `08004`: `sqlserver_rejected_establishment_of_sqlconnection`. Class 08 - Connection Exception.
    pub const SQLSERVER_REJECTED_ESTABLISHMENT_OF_SQLCONNECTION: Self = Self::known(b"08004");
    /// `08006`: `connection_failure`. Class 08 - Connection Exception.
    pub const CONNECTION_FAILURE: Self = Self::known(b"08006");
    /// `08007`: `transaction_resolution_unknown`. Class 08 - Connection Exception.
    pub const TRANSACTION_RESOLUTION_UNKNOWN: Self = Self::known(b"08007");
    /// `08P01`: `protocol_violation`. Class 08 - Connection Exception.
    pub const PROTOCOL_VIOLATION: Self = Self::known(b"08P01");
    /// `09000`: `triggered_action_exception`. Class 09 - Triggered Action Exception.
    pub const TRIGGERED_ACTION_EXCEPTION: Self = Self::known(b"09000");
    /// `0A000`: `feature_not_supported`. Class 0A - Feature Not Supported.
    pub const FEATURE_NOT_SUPPORTED: Self = Self::known(b"0A000");
    /// `0B000`: `invalid_transaction_initiation`. Class 0B - Invalid Transaction Initiation.
    pub const INVALID_TRANSACTION_INITIATION: Self = Self::known(b"0B000");
    /// `0F000`: `locator_exception`. Class 0F - Locator Exception.
    pub const LOCATOR_EXCEPTION: Self = Self::known(b"0F000");
    /// `0F001`: `invalid_locator_specification`. Class 0F - Locator Exception.
    pub const INVALID_LOCATOR_SPECIFICATION: Self = Self::known(b"0F001");
    /// `0L000`: `invalid_grantor`. Class 0L - Invalid Grantor.
    pub const INVALID_GRANTOR: Self = Self::known(b"0L000");
    /// `0LP01`: `invalid_grant_operation`. Class 0L - Invalid Grantor.
    pub const INVALID_GRANT_OPERATION: Self = Self::known(b"0LP01");
    /// `0P000`: `invalid_role_specification`. Class 0P - Invalid Role Specification.
    pub const INVALID_ROLE_SPECIFICATION: Self = Self::known(b"0P000");
    /// `0Z000`: `diagnostics_exception`. Class 0Z - Diagnostics Exception.
    pub const DIAGNOSTICS_EXCEPTION: Self = Self::known(b"0Z000");
    /// `0Z002`: `stacked_diagnostics_accessed_without_active_handler`. Class 0Z - Diagnostics Exception.
    pub const STACKED_DIAGNOSTICS_ACCESSED_WITHOUT_ACTIVE_HANDLER: Self = Self::known(b"0Z002");
    /// `10608`: `invalid_argument_for_xquery`. Class 10 - XQuery Error.
    pub const INVALID_ARGUMENT_FOR_XQUERY: Self = Self::known(b"10608");
    /// `20000`: `case_not_found`. Class 20 - Case Not Found.
    pub const CASE_NOT_FOUND: Self = Self::known(b"20000");
    /// `21000`: `cardinality_violation`. Class 21 - Cardinality Violation.
    pub const CARDINALITY_VIOLATION: Self = Self::known(b"21000");
    /// `22000`: `data_exception`. Class 22 - Data Exception.
    pub const DATA_EXCEPTION: Self = Self::known(b"22000");
    /// `22001`: `string_data_right_truncation`. Class 22 - Data Exception.
    pub const STRING_DATA_RIGHT_TRUNCATION: Self = Self::known(b"22001");
    /// `22002`: `null_value_no_indicator_parameter`. Class 22 - Data Exception.
    pub const NULL_VALUE_NO_INDICATOR_PARAMETER: Self = Self::known(b"22002");
    /// `22003`: `numeric_value_out_of_range`. Class 22 - Data Exception.
    pub const NUMERIC_VALUE_OUT_OF_RANGE: Self = Self::known(b"22003");
    /// `22004`: `null_value_not_allowed`. Class 22 - Data Exception.
    pub const NULL_VALUE_NOT_ALLOWED: Self = Self::known(b"22004");
    /// `22005`: `error_in_assignment`. Class 22 - Data Exception.
    pub const ERROR_IN_ASSIGNMENT: Self = Self::known(b"22005");
    /// `22007`: `invalid_datetime_format`. Class 22 - Data Exception.
    pub const INVALID_DATETIME_FORMAT: Self = Self::known(b"22007");
    /// `22008`: `datetime_field_overflow`. Class 22 - Data Exception.
    pub const DATETIME_FIELD_OVERFLOW: Self = Self::known(b"22008");
    /// `22008`: another name of the same code. Class 22 - Data Exception.
    pub const DATETIME_VALUE_OUT_OF_RANGE: Self = Self::known(b"22008");
    /// `22009`: `invalid_time_zone_displacement_value`. Class 22 - Data Exception.
    pub const INVALID_TIME_ZONE_DISPLACEMENT_VALUE: Self = Self::known(b"22009");
    /// `2200B`: `escape_character_conflict`. Class 22 - Data Exception.
    pub const ESCAPE_CHARACTER_CONFLICT: Self = Self::known(b"2200B");
    /// `2200C`: `invalid_use_of_escape_character`. Class 22 - Data Exception.
    pub const INVALID_USE_OF_ESCAPE_CHARACTER: Self = Self::known(b"2200C");
    /// `2200D`: `invalid_escape_octet`. Class 22 - Data Exception.
    pub const INVALID_ESCAPE_OCTET: Self = Self::known(b"2200D");
    /// `2200F`: `zero_length_character_string`. Class 22 - Data Exception.
    pub const ZERO_LENGTH_CHARACTER_STRING: Self = Self::known(b"2200F");
    /// `2200G`: `most_specific_type_mismatch`. Class 22 - Data Exception.
    pub const MOST_SPECIFIC_TYPE_MISMATCH: Self = Self::known(b"2200G");
    /// `2200H`: `sequence_generator_limit_exceeded`. Class 22 - Data Exception.
    pub const SEQUENCE_GENERATOR_LIMIT_EXCEEDED: Self = Self::known(b"2200H");
    /// `2200L`: `not_an_xml_document`. Class 22 - Data Exception.
    pub const NOT_AN_XML_DOCUMENT: Self = Self::known(b"2200L");
    /// `2200M`: `invalid_xml_document`. Class 22 - Data Exception.
    pub const INVALID_XML_DOCUMENT: Self = Self::known(b"2200M");
    /// `2200N`: `invalid_xml_content`. Class 22 - Data Exception.
    pub const INVALID_XML_CONTENT: Self = Self::known(b"2200N");
    /// `2200S`: `invalid_xml_comment`. Class 22 - Data Exception.
    pub const INVALID_XML_COMMENT: Self = Self::known(b"2200S");
    /// `2200T`: `invalid_xml_processing_instruction`. Class 22 - Data Exception.
    pub const INVALID_XML_PROCESSING_INSTRUCTION: Self = Self::known(b"2200T");
    /// `22010`: `invalid_indicator_parameter_value`. Class 22 - Data Exception.
    pub const INVALID_INDICATOR_PARAMETER_VALUE: Self = Self::known(b"22010");
    /// `22011`: `substring_error`. Class 22 - Data Exception.
    pub const SUBSTRING_ERROR: Self = Self::known(b"22011");
    /// `22012`: `division_by_zero`. Class 22 - Data Exception.
    pub const DIVISION_BY_ZERO: Self = Self::known(b"22012");
    /// `22013`: `invalid_preceding_or_following_size`. Class 22 - Data Exception.
    pub const INVALID_PRECEDING_OR_FOLLOWING_SIZE: Self = Self::known(b"22013");
    /// `22014`: `invalid_argument_for_ntile_function`. Class 22 - Data Exception.
    pub const INVALID_ARGUMENT_FOR_NTILE_FUNCTION: Self = Self::known(b"22014");
    /// `22015`: `interval_field_overflow`. Class 22 - Data Exception.
    pub const INTERVAL_FIELD_OVERFLOW: Self = Self::known(b"22015");
    /// `22016`: `invalid_argument_for_nth_value_function`. Class 22 - Data Exception.
    pub const INVALID_ARGUMENT_FOR_NTH_VALUE_FUNCTION: Self = Self::known(b"22016");
    /// `22018`: `invalid_character_value_for_cast`. Class 22 - Data Exception.
    pub const INVALID_CHARACTER_VALUE_FOR_CAST: Self = Self::known(b"22018");
    /// `22019`: `invalid_escape_character`. Class 22 - Data Exception.
    pub const INVALID_ESCAPE_CHARACTER: Self = Self::known(b"22019");
    /// `2201B`: `invalid_regular_expression`. Class 22 - Data Exception.
    pub const INVALID_REGULAR_EXPRESSION: Self = Self::known(b"2201B");
    /// `2201E`: `invalid_argument_for_logarithm`. Class 22 - Data Exception.
    pub const INVALID_ARGUMENT_FOR_LOGARITHM: Self = Self::known(b"2201E");
    /// `2201F`: `invalid_argument_for_power_function`. Class 22 - Data Exception.
    pub const INVALID_ARGUMENT_FOR_POWER_FUNCTION: Self = Self::known(b"2201F");
    /// `2201G`: `invalid_argument_for_width_bucket_function`. Class 22 - Data Exception.
    pub const INVALID_ARGUMENT_FOR_WIDTH_BUCKET_FUNCTION: Self = Self::known(b"2201G");
    /// `2201W`: `invalid_row_count_in_limit_clause`. Class 22 - Data Exception.
    pub const INVALID_ROW_COUNT_IN_LIMIT_CLAUSE: Self = Self::known(b"2201W");
    /// `2201X`: `invalid_row_count_in_result_offset_clause`. Class 22 - Data Exception.
    pub const INVALID_ROW_COUNT_IN_RESULT_OFFSET_CLAUSE: Self = Self::known(b"2201X");
    /// `22021`: `character_not_in_repertoire`. Class 22 - Data Exception.
    pub const CHARACTER_NOT_IN_REPERTOIRE: Self = Self::known(b"22021");
    /// `22022`: `indicator_overflow`. Class 22 - Data Exception.
    pub const INDICATOR_OVERFLOW: Self = Self::known(b"22022");
    /// `22023`: `invalid_parameter_value`. Class 22 - Data Exception.
    pub const INVALID_PARAMETER_VALUE: Self = Self::known(b"22023");
    /// `22024`: `unterminated_c_string`. Class 22 - Data Exception.
    pub const UNTERMINATED_C_STRING: Self = Self::known(b"22024");
    /// `22025`: `invalid_escape_sequence`. Class 22 - Data Exception.
    pub const INVALID_ESCAPE_SEQUENCE: Self = Self::known(b"22025");
    /// `22026`: `string_data_length_mismatch`. Class 22 - Data Exception.
    pub const STRING_DATA_LENGTH_MISMATCH: Self = Self::known(b"22026");
    /// `22027`: `trim_error`. Class 22 - Data Exception.
    pub const TRIM_ERROR: Self = Self::known(b"22027");
    /// `2202E`: `array_subscript_error`. Class 22 - Data Exception.
    pub const ARRAY_SUBSCRIPT_ERROR: Self = Self::known(b"2202E");
    /// `2202E`: another name of the same code. Class 22 - Data Exception.
    pub const ARRAY_ELEMENT_ERROR: Self = Self::known(b"2202E");
    /// `2202G`: `invalid_tablesample_repeat`. Class 22 - Data Exception.
    pub const INVALID_TABLESAMPLE_REPEAT: Self = Self::known(b"2202G");
    /// `2202H`: `invalid_tablesample_argument`. Class 22 - Data Exception.
    pub const INVALID_TABLESAMPLE_ARGUMENT: Self = Self::known(b"2202H");
    /// `22030`: `duplicate_json_object_key_value`. Class 22 - Data Exception.
    pub const DUPLICATE_JSON_OBJECT_KEY_VALUE: Self = Self::known(b"22030");
    /// `22031`: `invalid_argument_for_sql_json_datetime_function`. Class 22 - Data Exception.
    pub const INVALID_ARGUMENT_FOR_SQL_JSON_DATETIME_FUNCTION: Self = Self::known(b"22031");
    /// `22032`: `invalid_json_text`. Class 22 - Data Exception.
    pub const INVALID_JSON_TEXT: Self = Self::known(b"22032");
    /// `22033`: `invalid_sql_json_subscript`. Class 22 - Data Exception.
    pub const INVALID_SQL_JSON_SUBSCRIPT: Self = Self::known(b"22033");
    /// `22034`: `more_than_one_sql_json_item`. Class 22 - Data Exception.
    pub const MORE_THAN_ONE_SQL_JSON_ITEM: Self = Self::known(b"22034");
    /// `22035`: `no_sql_json_item`. Class 22 - Data Exception.
    pub const NO_SQL_JSON_ITEM: Self = Self::known(b"22035");
    /// `22036`: `non_numeric_sql_json_item`. Class 22 - Data Exception.
    pub const NON_NUMERIC_SQL_JSON_ITEM: Self = Self::known(b"22036");
    /// `22037`: `non_unique_keys_in_a_json_object`. Class 22 - Data Exception.
    pub const NON_UNIQUE_KEYS_IN_A_JSON_OBJECT: Self = Self::known(b"22037");
    /// `22038`: `singleton_sql_json_item_required`. Class 22 - Data Exception.
    pub const SINGLETON_SQL_JSON_ITEM_REQUIRED: Self = Self::known(b"22038");
    /// `22039`: `sql_json_array_not_found`. Class 22 - Data Exception.
    pub const SQL_JSON_ARRAY_NOT_FOUND: Self = Self::known(b"22039");
    /// `2203A`: `sql_json_member_not_found`. Class 22 - Data Exception.
    pub const SQL_JSON_MEMBER_NOT_FOUND: Self = Self::known(b"2203A");
    /// `2203B`: `sql_json_number_not_found`. Class 22 - Data Exception.
    pub const SQL_JSON_NUMBER_NOT_FOUND: Self = Self::known(b"2203B");
    /// `2203C`: `sql_json_object_not_found`. Class 22 - Data Exception.
    pub const SQL_JSON_OBJECT_NOT_FOUND: Self = Self::known(b"2203C");
    /// `2203D`: `too_many_json_array_elements`. Class 22 - Data Exception.
    pub const TOO_MANY_JSON_ARRAY_ELEMENTS: Self = Self::known(b"2203D");
    /// `2203E`: `too_many_json_object_members`. Class 22 - Data Exception.
    pub const TOO_MANY_JSON_OBJECT_MEMBERS: Self = Self::known(b"2203E");
    /// `2203F`: `sql_json_scalar_required`. Class 22 - Data Exception.
    pub const SQL_JSON_SCALAR_REQUIRED: Self = Self::known(b"2203F");
    /// `2203G`: `sql_json_item_cannot_be_cast_to_target_type`. Class 22 - Data Exception.
    pub const SQL_JSON_ITEM_CANNOT_BE_CAST_TO_TARGET_TYPE: Self = Self::known(b"2203G");
    /// `22P01`: `floating_point_exception`. Class 22 - Data Exception.
    pub const FLOATING_POINT_EXCEPTION: Self = Self::known(b"22P01");
    /// `22P02`: `invalid_text_representation`. Class 22 - Data Exception.
    pub const INVALID_TEXT_REPRESENTATION: Self = Self::known(b"22P02");
    /// `22P03`: `invalid_binary_representation`. Class 22 - Data Exception.
    pub const INVALID_BINARY_REPRESENTATION: Self = Self::known(b"22P03");
    /// `22P04`: `bad_copy_file_format`. Class 22 - Data Exception.
    pub const BAD_COPY_FILE_FORMAT: Self = Self::known(b"22P04");
    /// `22P05`: `untranslatable_character`. Class 22 - Data Exception.
    pub const UNTRANSLATABLE_CHARACTER: Self = Self::known(b"22P05");
    /// `22P06`: `nonstandard_use_of_escape_character`. Class 22 - Data Exception.
    pub const NONSTANDARD_USE_OF_ESCAPE_CHARACTER: Self = Self::known(b"22P06");
    /// `23000`: `integrity_constraint_violation`. Class 23 - Integrity Constraint Violation.
    pub const INTEGRITY_CONSTRAINT_VIOLATION: Self = Self::known(b"23000");
    /// `23001`: `restrict_violation`. Class 23 - Integrity Constraint Violation.
    pub const RESTRICT_VIOLATION: Self = Self::known(b"23001");
    /// `23502`: `not_null_violation`. Class 23 - Integrity Constraint Violation.
    pub const NOT_NULL_VIOLATION: Self = Self::known(b"23502");
    /// `23503`: `foreign_key_violation`. Class 23 - Integrity Constraint Violation.
    pub const FOREIGN_KEY_VIOLATION: Self = Self::known(b"23503");
    /// `23505`: `unique_violation`. Class 23 - Integrity Constraint Violation.
    pub const UNIQUE_VIOLATION: Self = Self::known(b"23505");
    /// `23514`: `check_violation`. Class 23 - Integrity Constraint Violation.
    pub const CHECK_VIOLATION: Self = Self::known(b"23514");
    /// `23P01`: `exclusion_violation`. Class 23 - Integrity Constraint Violation.
    pub const EXCLUSION_VIOLATION: Self = Self::known(b"23P01");
    /// `24000`: `invalid_cursor_state`. Class 24 - Invalid Cursor State.
    pub const INVALID_CURSOR_STATE: Self = Self::known(b"24000");
    /// `25000`: `invalid_transaction_state`. Class 25 - Invalid Transaction State.
    pub const INVALID_TRANSACTION_STATE: Self = Self::known(b"25000");
    /// `25001`: `active_sql_transaction`. Class 25 - Invalid Transaction State.
    pub const ACTIVE_SQL_TRANSACTION: Self = Self::known(b"25001");
    /// `25002`: `branch_transaction_already_active`. Class 25 - Invalid Transaction State.
    pub const BRANCH_TRANSACTION_ALREADY_ACTIVE: Self = Self::known(b"25002");
    /// `25003`: `inappropriate_access_mode_for_branch_transaction`. Class 25 - Invalid Transaction State.
    pub const INAPPROPRIATE_ACCESS_MODE_FOR_BRANCH_TRANSACTION: Self = Self::known(b"25003");
    /// `25004`: `inappropriate_isolation_level_for_branch_transaction`. Class 25 - Invalid Transaction State.
    pub const INAPPROPRIATE_ISOLATION_LEVEL_FOR_BRANCH_TRANSACTION: Self = Self::known(b"25004");
    /// `25005`: `no_active_sql_transaction_for_branch_transaction`. Class 25 - Invalid Transaction State.
    pub const NO_ACTIVE_SQL_TRANSACTION_FOR_BRANCH_TRANSACTION: Self = Self::known(b"25005");
    /// `25006`: `read_only_sql_transaction`. Class 25 - Invalid Transaction State.
    pub const READ_ONLY_SQL_TRANSACTION: Self = Self::known(b"25006");
    /// `25007`: `schema_and_data_statement_mixing_not_supported`. Class 25 - Invalid Transaction State.
    pub const SCHEMA_AND_DATA_STATEMENT_MIXING_NOT_SUPPORTED: Self = Self::known(b"25007");
    /// `25008`: `held_cursor_requires_same_isolation_level`. Class 25 - Invalid Transaction State.
    pub const HELD_CURSOR_REQUIRES_SAME_ISOLATION_LEVEL: Self = Self::known(b"25008");
    /// `25P01`: `no_active_sql_transaction`. Class 25 - Invalid Transaction State.
    pub const NO_ACTIVE_SQL_TRANSACTION: Self = Self::known(b"25P01");
    /// `25P02`: `in_failed_sql_transaction`. Class 25 - Invalid Transaction State.
    pub const IN_FAILED_SQL_TRANSACTION: Self = Self::known(b"25P02");
    /// `25P03`: `idle_in_transaction_session_timeout`. Class 25 - Invalid Transaction State.
    pub const IDLE_IN_TRANSACTION_SESSION_TIMEOUT: Self = Self::known(b"25P03");
    /// `25P04`: `transaction_timeout`. Class 25 - Invalid Transaction State.
    pub const TRANSACTION_TIMEOUT: Self = Self::known(b"25P04");
    /// `26000`: `invalid_sql_statement_name`. Class 26 - Invalid SQL Statement Name.
    pub const INVALID_SQL_STATEMENT_NAME: Self = Self::known(b"26000");
    /// `26000`: another name of the same code. Class 42 - Syntax Error or Access Rule Violation.
    pub const UNDEFINED_PSTATEMENT: Self = Self::known(b"26000");
    /// `27000`: `triggered_data_change_violation`. Class 27 - Triggered Data Change Violation.
    pub const TRIGGERED_DATA_CHANGE_VIOLATION: Self = Self::known(b"27000");
    /// `28000`: `invalid_authorization_specification`. Class 28 - Invalid Authorization Specification.
    pub const INVALID_AUTHORIZATION_SPECIFICATION: Self = Self::known(b"28000");
    /// `28P01`: `invalid_password`. Class 28 - Invalid Authorization Specification.
    pub const INVALID_PASSWORD: Self = Self::known(b"28P01");
    /// `2B000`: `dependent_privilege_descriptors_still_exist`. Class 2B - Dependent Privilege Descriptors Still Exist.
    pub const DEPENDENT_PRIVILEGE_DESCRIPTORS_STILL_EXIST: Self = Self::known(b"2B000");
    /// `2BP01`: `dependent_objects_still_exist`. Class 2B - Dependent Privilege Descriptors Still Exist.
    pub const DEPENDENT_OBJECTS_STILL_EXIST: Self = Self::known(b"2BP01");
    /// `2D000`: `invalid_transaction_termination`. Class 2D - Invalid Transaction Termination.
    pub const INVALID_TRANSACTION_TERMINATION: Self = Self::known(b"2D000");
    /// `2F000`: `sql_routine_exception`. Class 2F - SQL Routine Exception.
    pub const SQL_ROUTINE_EXCEPTION: Self = Self::known(b"2F000");
    /// `2F002`: `modifying_sql_data_not_permitted`. Class 2F - SQL Routine Exception.
    pub const SQL_ROUTINE_MODIFYING_SQL_DATA_NOT_PERMITTED: Self = Self::known(b"2F002");
    /// `2F003`: `prohibited_sql_statement_attempted`. Class 2F - SQL Routine Exception.
    pub const SQL_ROUTINE_PROHIBITED_SQL_STATEMENT_ATTEMPTED: Self = Self::known(b"2F003");
    /// `2F004`: `reading_sql_data_not_permitted`. Class 2F - SQL Routine Exception.
    pub const SQL_ROUTINE_READING_SQL_DATA_NOT_PERMITTED: Self = Self::known(b"2F004");
    /// `2F005`: `function_executed_no_return_statement`. Class 2F - SQL Routine Exception.
    pub const FUNCTION_EXECUTED_NO_RETURN_STATEMENT: Self = Self::known(b"2F005");
    /// `34000`: `invalid_cursor_name`. Class 34 - Invalid Cursor Name.
    pub const INVALID_CURSOR_NAME: Self = Self::known(b"34000");
    /// `34000`: another name of the same code. Class 42 - Syntax Error or Access Rule Violation.
    pub const UNDEFINED_CURSOR: Self = Self::known(b"34000");
    /// `38000`: `external_routine_exception`. Class 38 - External Routine Exception.
    pub const EXTERNAL_ROUTINE_EXCEPTION: Self = Self::known(b"38000");
    /// `38001`: `containing_sql_not_permitted`. Class 38 - External Routine Exception.
    pub const CONTAINING_SQL_NOT_PERMITTED: Self = Self::known(b"38001");
    /// `38002`: `modifying_sql_data_not_permitted`. Class 38 - External Routine Exception.
    pub const EXTERNAL_ROUTINE_MODIFYING_SQL_DATA_NOT_PERMITTED: Self = Self::known(b"38002");
    /// `38003`: `prohibited_sql_statement_attempted`. Class 38 - External Routine Exception.
    pub const EXTERNAL_ROUTINE_PROHIBITED_SQL_STATEMENT_ATTEMPTED: Self = Self::known(b"38003");
    /// `38004`: `reading_sql_data_not_permitted`. Class 38 - External Routine Exception.
    pub const EXTERNAL_ROUTINE_READING_SQL_DATA_NOT_PERMITTED: Self = Self::known(b"38004");
    /// `39000`: `external_routine_invocation_exception`. Class 39 - External Routine Invocation Exception.
    pub const EXTERNAL_ROUTINE_INVOCATION_EXCEPTION: Self = Self::known(b"39000");
    /// `39001`: `invalid_sqlstate_returned`. Class 39 - External Routine Invocation Exception.
    pub const INVALID_SQLSTATE_RETURNED: Self = Self::known(b"39001");
    /// `39004`: `null_value_not_allowed`. Class 39 - External Routine Invocation Exception.
    pub const EXTERNAL_ROUTINE_INVOCATION_NULL_VALUE_NOT_ALLOWED: Self = Self::known(b"39004");
    /// `39P01`: `trigger_protocol_violated`. Class 39 - External Routine Invocation Exception.
    pub const TRIGGER_PROTOCOL_VIOLATED: Self = Self::known(b"39P01");
    /// `39P02`: `srf_protocol_violated`. Class 39 - External Routine Invocation Exception.
    pub const SRF_PROTOCOL_VIOLATED: Self = Self::known(b"39P02");
    /// `39P03`: `event_trigger_protocol_violated`. Class 39 - External Routine Invocation Exception.
    pub const EVENT_TRIGGER_PROTOCOL_VIOLATED: Self = Self::known(b"39P03");
    /// `3B000`: `savepoint_exception`. Class 3B - Savepoint Exception.
    pub const SAVEPOINT_EXCEPTION: Self = Self::known(b"3B000");
    /// `3B001`: `invalid_savepoint_specification`. Class 3B - Savepoint Exception.
    pub const INVALID_SAVEPOINT_SPECIFICATION: Self = Self::known(b"3B001");
    /// `3D000`: `invalid_catalog_name`. Class 3D - Invalid Catalog Name.
    pub const INVALID_CATALOG_NAME: Self = Self::known(b"3D000");
    /// `3D000`: another name of the same code. Class 42 - Syntax Error or Access Rule Violation.
    pub const UNDEFINED_DATABASE: Self = Self::known(b"3D000");
    /// `3F000`: `invalid_schema_name`. Class 3F - Invalid Schema Name.
    pub const INVALID_SCHEMA_NAME: Self = Self::known(b"3F000");
    /// `3F000`: another name of the same code. Class 42 - Syntax Error or Access Rule Violation.
    pub const UNDEFINED_SCHEMA: Self = Self::known(b"3F000");
    /// `40000`: `transaction_rollback`. Class 40 - Transaction Rollback.
    pub const TRANSACTION_ROLLBACK: Self = Self::known(b"40000");
    /// `40001`: `serialization_failure`. Class 40 - Transaction Rollback.
    pub const SERIALIZATION_FAILURE: Self = Self::known(b"40001");
    /// `40002`: `transaction_integrity_constraint_violation`. Class 40 - Transaction Rollback.
    pub const TRANSACTION_INTEGRITY_CONSTRAINT_VIOLATION: Self = Self::known(b"40002");
    /// `40003`: `statement_completion_unknown`. Class 40 - Transaction Rollback.
    pub const STATEMENT_COMPLETION_UNKNOWN: Self = Self::known(b"40003");
    /// `40P01`: `deadlock_detected`. Class 40 - Transaction Rollback.
    pub const DEADLOCK_DETECTED: Self = Self::known(b"40P01");
    /// `42000`: `syntax_error_or_access_rule_violation`. Class 42 - Syntax Error or Access Rule Violation.
    pub const SYNTAX_ERROR_OR_ACCESS_RULE_VIOLATION: Self = Self::known(b"42000");
    /// `42501`: `insufficient_privilege`. Class 42 - Syntax Error or Access Rule Violation.
    pub const INSUFFICIENT_PRIVILEGE: Self = Self::known(b"42501");
    /// `42601`: `syntax_error`. Class 42 - Syntax Error or Access Rule Violation.
    pub const SYNTAX_ERROR: Self = Self::known(b"42601");
    /// `42602`: `invalid_name`. Class 42 - Syntax Error or Access Rule Violation.
    pub const INVALID_NAME: Self = Self::known(b"42602");
    /// `42611`: `invalid_column_definition`. Class 42 - Syntax Error or Access Rule Violation.
    pub const INVALID_COLUMN_DEFINITION: Self = Self::known(b"42611");
    /// `42622`: `name_too_long`. Class 42 - Syntax Error or Access Rule Violation.
    pub const NAME_TOO_LONG: Self = Self::known(b"42622");
    /// `42701`: `duplicate_column`. Class 42 - Syntax Error or Access Rule Violation.
    pub const DUPLICATE_COLUMN: Self = Self::known(b"42701");
    /// `42702`: `ambiguous_column`. Class 42 - Syntax Error or Access Rule Violation.
    pub const AMBIGUOUS_COLUMN: Self = Self::known(b"42702");
    /// `42703`: `undefined_column`. Class 42 - Syntax Error or Access Rule Violation.
    pub const UNDEFINED_COLUMN: Self = Self::known(b"42703");
    /// `42704`: `undefined_object`. Class 42 - Syntax Error or Access Rule Violation.
    pub const UNDEFINED_OBJECT: Self = Self::known(b"42704");
    /// `42710`: `duplicate_object`. Class 42 - Syntax Error or Access Rule Violation.
    pub const DUPLICATE_OBJECT: Self = Self::known(b"42710");
    /// `42712`: `duplicate_alias`. Class 42 - Syntax Error or Access Rule Violation.
    pub const DUPLICATE_ALIAS: Self = Self::known(b"42712");
    /// `42723`: `duplicate_function`. Class 42 - Syntax Error or Access Rule Violation.
    pub const DUPLICATE_FUNCTION: Self = Self::known(b"42723");
    /// `42725`: `ambiguous_function`. Class 42 - Syntax Error or Access Rule Violation.
    pub const AMBIGUOUS_FUNCTION: Self = Self::known(b"42725");
    /// `42803`: `grouping_error`. Class 42 - Syntax Error or Access Rule Violation.
    pub const GROUPING_ERROR: Self = Self::known(b"42803");
    /// `42804`: `datatype_mismatch`. Class 42 - Syntax Error or Access Rule Violation.
    pub const DATATYPE_MISMATCH: Self = Self::known(b"42804");
    /// `42809`: `wrong_object_type`. Class 42 - Syntax Error or Access Rule Violation.
    pub const WRONG_OBJECT_TYPE: Self = Self::known(b"42809");
    /// `42830`: `invalid_foreign_key`. Class 42 - Syntax Error or Access Rule Violation.
    pub const INVALID_FOREIGN_KEY: Self = Self::known(b"42830");
    /// `42846`: `cannot_coerce`. Class 42 - Syntax Error or Access Rule Violation.
    pub const CANNOT_COERCE: Self = Self::known(b"42846");
    /// `42883`: `undefined_function`. Class 42 - Syntax Error or Access Rule Violation.
    pub const UNDEFINED_FUNCTION: Self = Self::known(b"42883");
    /// `428C9`: `generated_always`. Class 42 - Syntax Error or Access Rule Violation.
    pub const GENERATED_ALWAYS: Self = Self::known(b"428C9");
    /// `42939`: `reserved_name`. Class 42 - Syntax Error or Access Rule Violation.
    pub const RESERVED_NAME: Self = Self::known(b"42939");
    /// `42P01`: `undefined_table`. Class 42 - Syntax Error or Access Rule Violation.
    pub const UNDEFINED_TABLE: Self = Self::known(b"42P01");
    /// `42P02`: `undefined_parameter`. Class 42 - Syntax Error or Access Rule Violation.
    pub const UNDEFINED_PARAMETER: Self = Self::known(b"42P02");
    /// `42P03`: `duplicate_cursor`. Class 42 - Syntax Error or Access Rule Violation.
    pub const DUPLICATE_CURSOR: Self = Self::known(b"42P03");
    /// `42P04`: `duplicate_database`. Class 42 - Syntax Error or Access Rule Violation.
    pub const DUPLICATE_DATABASE: Self = Self::known(b"42P04");
    /// `42P05`: `duplicate_prepared_statement`. Class 42 - Syntax Error or Access Rule Violation.
    pub const DUPLICATE_PREPARED_STATEMENT: Self = Self::known(b"42P05");
    /// `42P06`: `duplicate_schema`. Class 42 - Syntax Error or Access Rule Violation.
    pub const DUPLICATE_SCHEMA: Self = Self::known(b"42P06");
    /// `42P07`: `duplicate_table`. Class 42 - Syntax Error or Access Rule Violation.
    pub const DUPLICATE_TABLE: Self = Self::known(b"42P07");
    /// `42P08`: `ambiguous_parameter`. Class 42 - Syntax Error or Access Rule Violation.
    pub const AMBIGUOUS_PARAMETER: Self = Self::known(b"42P08");
    /// `42P09`: `ambiguous_alias`. Class 42 - Syntax Error or Access Rule Violation.
    pub const AMBIGUOUS_ALIAS: Self = Self::known(b"42P09");
    /// `42P10`: `invalid_column_reference`. Class 42 - Syntax Error or Access Rule Violation.
    pub const INVALID_COLUMN_REFERENCE: Self = Self::known(b"42P10");
    /// `42P11`: `invalid_cursor_definition`. Class 42 - Syntax Error or Access Rule Violation.
    pub const INVALID_CURSOR_DEFINITION: Self = Self::known(b"42P11");
    /// `42P12`: `invalid_database_definition`. Class 42 - Syntax Error or Access Rule Violation.
    pub const INVALID_DATABASE_DEFINITION: Self = Self::known(b"42P12");
    /// `42P13`: `invalid_function_definition`. Class 42 - Syntax Error or Access Rule Violation.
    pub const INVALID_FUNCTION_DEFINITION: Self = Self::known(b"42P13");
    /// `42P14`: `invalid_prepared_statement_definition`. Class 42 - Syntax Error or Access Rule Violation.
    pub const INVALID_PREPARED_STATEMENT_DEFINITION: Self = Self::known(b"42P14");
    /// `42P15`: `invalid_schema_definition`. Class 42 - Syntax Error or Access Rule Violation.
    pub const INVALID_SCHEMA_DEFINITION: Self = Self::known(b"42P15");
    /// `42P16`: `invalid_table_definition`. Class 42 - Syntax Error or Access Rule Violation.
    pub const INVALID_TABLE_DEFINITION: Self = Self::known(b"42P16");
    /// `42P17`: `invalid_object_definition`. Class 42 - Syntax Error or Access Rule Violation.
    pub const INVALID_OBJECT_DEFINITION: Self = Self::known(b"42P17");
    /// `42P18`: `indeterminate_datatype`. Class 42 - Syntax Error or Access Rule Violation.
    pub const INDETERMINATE_DATATYPE: Self = Self::known(b"42P18");
    /// `42P19`: `invalid_recursion`. Class 42 - Syntax Error or Access Rule Violation.
    pub const INVALID_RECURSION: Self = Self::known(b"42P19");
    /// `42P20`: `windowing_error`. Class 42 - Syntax Error or Access Rule Violation.
    pub const WINDOWING_ERROR: Self = Self::known(b"42P20");
    /// `42P21`: `collation_mismatch`. Class 42 - Syntax Error or Access Rule Violation.
    pub const COLLATION_MISMATCH: Self = Self::known(b"42P21");
    /// `42P22`: `indeterminate_collation`. Class 42 - Syntax Error or Access Rule Violation.
    pub const INDETERMINATE_COLLATION: Self = Self::known(b"42P22");
    /// `44000`: `with_check_option_violation`. Class 44 - WITH CHECK OPTION Violation.
    pub const WITH_CHECK_OPTION_VIOLATION: Self = Self::known(b"44000");
    /// `53000`: `insufficient_resources`. Class 53 - Insufficient Resources.
    pub const INSUFFICIENT_RESOURCES: Self = Self::known(b"53000");
    /// `53100`: `disk_full`. Class 53 - Insufficient Resources.
    pub const DISK_FULL: Self = Self::known(b"53100");
    /// `53200`: `out_of_memory`. Class 53 - Insufficient Resources.
    pub const OUT_OF_MEMORY: Self = Self::known(b"53200");
    /// `53300`: `too_many_connections`. Class 53 - Insufficient Resources.
    pub const TOO_MANY_CONNECTIONS: Self = Self::known(b"53300");
    /// `53400`: `configuration_limit_exceeded`. Class 53 - Insufficient Resources.
    pub const CONFIGURATION_LIMIT_EXCEEDED: Self = Self::known(b"53400");
    /// `54000`: `program_limit_exceeded`. Class 54 - Program Limit Exceeded.
    pub const PROGRAM_LIMIT_EXCEEDED: Self = Self::known(b"54000");
    /// `54001`: `statement_too_complex`. Class 54 - Program Limit Exceeded.
    pub const STATEMENT_TOO_COMPLEX: Self = Self::known(b"54001");
    /// `54011`: `too_many_columns`. Class 54 - Program Limit Exceeded.
    pub const TOO_MANY_COLUMNS: Self = Self::known(b"54011");
    /// `54023`: `too_many_arguments`. Class 54 - Program Limit Exceeded.
    pub const TOO_MANY_ARGUMENTS: Self = Self::known(b"54023");
    /// `55000`: `object_not_in_prerequisite_state`. Class 55 - Object Not In Prerequisite State.
    pub const OBJECT_NOT_IN_PREREQUISITE_STATE: Self = Self::known(b"55000");
    /// `55006`: `object_in_use`. Class 55 - Object Not In Prerequisite State.
    pub const OBJECT_IN_USE: Self = Self::known(b"55006");
    /// `55P02`: `cant_change_runtime_param`. Class 55 - Object Not In Prerequisite State.
    pub const CANT_CHANGE_RUNTIME_PARAM: Self = Self::known(b"55P02");
    /// `55P03`: `lock_not_available`. Class 55 - Object Not In Prerequisite State.
    pub const LOCK_NOT_AVAILABLE: Self = Self::known(b"55P03");
    /// `55P04`: `unsafe_new_enum_value_usage`. Class 55 - Object Not In Prerequisite State.
    pub const UNSAFE_NEW_ENUM_VALUE_USAGE: Self = Self::known(b"55P04");
    /// `57000`: `operator_intervention`. Class 57 - Operator Intervention.
    pub const OPERATOR_INTERVENTION: Self = Self::known(b"57000");
    /// `57014`: `query_canceled`. Class 57 - Operator Intervention.
    pub const QUERY_CANCELED: Self = Self::known(b"57014");
    /// `57P01`: `admin_shutdown`. Class 57 - Operator Intervention.
    pub const ADMIN_SHUTDOWN: Self = Self::known(b"57P01");
    /// `57P02`: `crash_shutdown`. Class 57 - Operator Intervention.
    pub const CRASH_SHUTDOWN: Self = Self::known(b"57P02");
    /// `57P03`: `cannot_connect_now`. Class 57 - Operator Intervention.
    pub const CANNOT_CONNECT_NOW: Self = Self::known(b"57P03");
    /// `57P04`: `database_dropped`. Class 57 - Operator Intervention.
    pub const DATABASE_DROPPED: Self = Self::known(b"57P04");
    /// `57P05`: `idle_session_timeout`. Class 57 - Operator Intervention.
    pub const IDLE_SESSION_TIMEOUT: Self = Self::known(b"57P05");
    /// `58000`: `system_error`. Class 58 - System Error (errors external to PostgreSQL itself).
    pub const SYSTEM_ERROR: Self = Self::known(b"58000");
    /// `58030`: `io_error`. Class 58 - System Error (errors external to PostgreSQL itself).
    pub const IO_ERROR: Self = Self::known(b"58030");
    /// `58P01`: `undefined_file`. Class 58 - System Error (errors external to PostgreSQL itself).
    pub const UNDEFINED_FILE: Self = Self::known(b"58P01");
    /// `58P02`: `duplicate_file`. Class 58 - System Error (errors external to PostgreSQL itself).
    pub const DUPLICATE_FILE: Self = Self::known(b"58P02");
    /// `58P03`: `file_name_too_long`. Class 58 - System Error (errors external to PostgreSQL itself).
    pub const FILE_NAME_TOO_LONG: Self = Self::known(b"58P03");
    /// `F0000`: `config_file_error`. Class F0 - Configuration File Error.
    pub const CONFIG_FILE_ERROR: Self = Self::known(b"F0000");
    /// `F0001`: `lock_file_exists`. Class F0 - Configuration File Error.
    pub const LOCK_FILE_EXISTS: Self = Self::known(b"F0001");
    /// `HV000`: `fdw_error`. Class HV - Foreign Data Wrapper Error (SQL/MED).
    pub const FDW_ERROR: Self = Self::known(b"HV000");
    /// `HV001`: `fdw_out_of_memory`. Class HV - Foreign Data Wrapper Error (SQL/MED).
    pub const FDW_OUT_OF_MEMORY: Self = Self::known(b"HV001");
    /// `HV002`: `fdw_dynamic_parameter_value_needed`. Class HV - Foreign Data Wrapper Error (SQL/MED).
    pub const FDW_DYNAMIC_PARAMETER_VALUE_NEEDED: Self = Self::known(b"HV002");
    /// `HV004`: `fdw_invalid_data_type`. Class HV - Foreign Data Wrapper Error (SQL/MED).
    pub const FDW_INVALID_DATA_TYPE: Self = Self::known(b"HV004");
    /// `HV005`: `fdw_column_name_not_found`. Class HV - Foreign Data Wrapper Error (SQL/MED).
    pub const FDW_COLUMN_NAME_NOT_FOUND: Self = Self::known(b"HV005");
    /// `HV006`: `fdw_invalid_data_type_descriptors`. Class HV - Foreign Data Wrapper Error (SQL/MED).
    pub const FDW_INVALID_DATA_TYPE_DESCRIPTORS: Self = Self::known(b"HV006");
    /// `HV007`: `fdw_invalid_column_name`. Class HV - Foreign Data Wrapper Error (SQL/MED).
    pub const FDW_INVALID_COLUMN_NAME: Self = Self::known(b"HV007");
    /// `HV008`: `fdw_invalid_column_number`. Class HV - Foreign Data Wrapper Error (SQL/MED).
    pub const FDW_INVALID_COLUMN_NUMBER: Self = Self::known(b"HV008");
    /// `HV009`: `fdw_invalid_use_of_null_pointer`. Class HV - Foreign Data Wrapper Error (SQL/MED).
    pub const FDW_INVALID_USE_OF_NULL_POINTER: Self = Self::known(b"HV009");
    /// `HV00A`: `fdw_invalid_string_format`. Class HV - Foreign Data Wrapper Error (SQL/MED).
    pub const FDW_INVALID_STRING_FORMAT: Self = Self::known(b"HV00A");
    /// `HV00B`: `fdw_invalid_handle`. Class HV - Foreign Data Wrapper Error (SQL/MED).
    pub const FDW_INVALID_HANDLE: Self = Self::known(b"HV00B");
    /// `HV00C`: `fdw_invalid_option_index`. Class HV - Foreign Data Wrapper Error (SQL/MED).
    pub const FDW_INVALID_OPTION_INDEX: Self = Self::known(b"HV00C");
    /// `HV00D`: `fdw_invalid_option_name`. Class HV - Foreign Data Wrapper Error (SQL/MED).
    pub const FDW_INVALID_OPTION_NAME: Self = Self::known(b"HV00D");
    /// `HV00J`: `fdw_option_name_not_found`. Class HV - Foreign Data Wrapper Error (SQL/MED).
    pub const FDW_OPTION_NAME_NOT_FOUND: Self = Self::known(b"HV00J");
    /// `HV00K`: `fdw_reply_handle`. Class HV - Foreign Data Wrapper Error (SQL/MED).
    pub const FDW_REPLY_HANDLE: Self = Self::known(b"HV00K");
    /// `HV00L`: `fdw_unable_to_create_execution`. Class HV - Foreign Data Wrapper Error (SQL/MED).
    pub const FDW_UNABLE_TO_CREATE_EXECUTION: Self = Self::known(b"HV00L");
    /// `HV00M`: `fdw_unable_to_create_reply`. Class HV - Foreign Data Wrapper Error (SQL/MED).
    pub const FDW_UNABLE_TO_CREATE_REPLY: Self = Self::known(b"HV00M");
    /// `HV00N`: `fdw_unable_to_establish_connection`. Class HV - Foreign Data Wrapper Error (SQL/MED).
    pub const FDW_UNABLE_TO_ESTABLISH_CONNECTION: Self = Self::known(b"HV00N");
    /// `HV00P`: `fdw_no_schemas`. Class HV - Foreign Data Wrapper Error (SQL/MED).
    pub const FDW_NO_SCHEMAS: Self = Self::known(b"HV00P");
    /// `HV00Q`: `fdw_schema_not_found`. Class HV - Foreign Data Wrapper Error (SQL/MED).
    pub const FDW_SCHEMA_NOT_FOUND: Self = Self::known(b"HV00Q");
    /// `HV00R`: `fdw_table_not_found`. Class HV - Foreign Data Wrapper Error (SQL/MED).
    pub const FDW_TABLE_NOT_FOUND: Self = Self::known(b"HV00R");
    /// `HV010`: `fdw_function_sequence_error`. Class HV - Foreign Data Wrapper Error (SQL/MED).
    pub const FDW_FUNCTION_SEQUENCE_ERROR: Self = Self::known(b"HV010");
    /// `HV014`: `fdw_too_many_handles`. Class HV - Foreign Data Wrapper Error (SQL/MED).
    pub const FDW_TOO_MANY_HANDLES: Self = Self::known(b"HV014");
    /// `HV021`: `fdw_inconsistent_descriptor_information`. Class HV - Foreign Data Wrapper Error (SQL/MED).
    pub const FDW_INCONSISTENT_DESCRIPTOR_INFORMATION: Self = Self::known(b"HV021");
    /// `HV024`: `fdw_invalid_attribute_value`. Class HV - Foreign Data Wrapper Error (SQL/MED).
    pub const FDW_INVALID_ATTRIBUTE_VALUE: Self = Self::known(b"HV024");
    /// `HV090`: `fdw_invalid_string_length_or_buffer_length`. Class HV - Foreign Data Wrapper Error (SQL/MED).
    pub const FDW_INVALID_STRING_LENGTH_OR_BUFFER_LENGTH: Self = Self::known(b"HV090");
    /// `HV091`: `fdw_invalid_descriptor_field_identifier`. Class HV - Foreign Data Wrapper Error (SQL/MED).
    pub const FDW_INVALID_DESCRIPTOR_FIELD_IDENTIFIER: Self = Self::known(b"HV091");
    /// `P0000`: `plpgsql_error`. Class P0 - PL/pgSQL Error.
    pub const PLPGSQL_ERROR: Self = Self::known(b"P0000");
    /// `P0001`: `raise_exception`. Class P0 - PL/pgSQL Error.
    pub const RAISE_EXCEPTION: Self = Self::known(b"P0001");
    /// `P0002`: `no_data_found`. Class P0 - PL/pgSQL Error.
    pub const NO_DATA_FOUND: Self = Self::known(b"P0002");
    /// `P0003`: `too_many_rows`. Class P0 - PL/pgSQL Error.
    pub const TOO_MANY_ROWS: Self = Self::known(b"P0003");
    /// `P0004`: `assert_failure`. Class P0 - PL/pgSQL Error.
    pub const ASSERT_FAILURE: Self = Self::known(b"P0004");
    /// `XX000`: `internal_error`. Class XX - Internal Error.
    pub const INTERNAL_ERROR: Self = Self::known(b"XX000");
    /// `XX001`: `data_corrupted`. Class XX - Internal Error.
    pub const DATA_CORRUPTED: Self = Self::known(b"XX001");
    /// `XX002`: `index_corrupted`. Class XX - Internal Error.
    pub const INDEX_CORRUPTED: Self = Self::known(b"XX002");

    /// The condition's name as the manual and PL/pgSQL have it, such as `unique_violation`; `None` for a code
    /// that PostgreSQL itself does not use.
    ///
    /// ```
    /// use trunkline_core::error::SqlState;
    ///
    /// assert_eq!(SqlState::UNIQUE_VIOLATION.name(), Some("unique_violation"));
    /// assert_eq!(SqlState::from_bytes(*b"ZZ999").and_then(|code| code.name()), None);
    /// ```
    pub fn name(&self) -> Option<&'static str> {
        let at = CONDITIONS.binary_search_by(|(code, _)| (*code).cmp(self.as_str())).ok()?;
        CONDITIONS.get(at).map(|&(_, name)| name)
    }
}

/// Condition names by code, sorted for binary search.
static CONDITIONS: [(&str, &str); 262] = [
    ("00000", "successful_completion"),
    ("01000", "warning"),
    ("01003", "null_value_eliminated_in_set_function"),
    ("01004", "string_data_right_truncation"),
    ("01006", "privilege_not_revoked"),
    ("01007", "privilege_not_granted"),
    ("01008", "implicit_zero_bit_padding"),
    ("0100C", "dynamic_result_sets_returned"),
    ("01P01", "deprecated_feature"),
    ("02000", "no_data"),
    ("02001", "no_additional_dynamic_result_sets_returned"),
    ("03000", "sql_statement_not_yet_complete"),
    ("08000", "connection_exception"),
    ("08001", "sqlclient_unable_to_establish_sqlconnection"),
    ("08003", "connection_does_not_exist"),
    ("08004", "sqlserver_rejected_establishment_of_sqlconnection"),
    ("08006", "connection_failure"),
    ("08007", "transaction_resolution_unknown"),
    ("08P01", "protocol_violation"),
    ("09000", "triggered_action_exception"),
    ("0A000", "feature_not_supported"),
    ("0B000", "invalid_transaction_initiation"),
    ("0F000", "locator_exception"),
    ("0F001", "invalid_locator_specification"),
    ("0L000", "invalid_grantor"),
    ("0LP01", "invalid_grant_operation"),
    ("0P000", "invalid_role_specification"),
    ("0Z000", "diagnostics_exception"),
    ("0Z002", "stacked_diagnostics_accessed_without_active_handler"),
    ("10608", "invalid_argument_for_xquery"),
    ("20000", "case_not_found"),
    ("21000", "cardinality_violation"),
    ("22000", "data_exception"),
    ("22001", "string_data_right_truncation"),
    ("22002", "null_value_no_indicator_parameter"),
    ("22003", "numeric_value_out_of_range"),
    ("22004", "null_value_not_allowed"),
    ("22005", "error_in_assignment"),
    ("22007", "invalid_datetime_format"),
    ("22008", "datetime_field_overflow"),
    ("22009", "invalid_time_zone_displacement_value"),
    ("2200B", "escape_character_conflict"),
    ("2200C", "invalid_use_of_escape_character"),
    ("2200D", "invalid_escape_octet"),
    ("2200F", "zero_length_character_string"),
    ("2200G", "most_specific_type_mismatch"),
    ("2200H", "sequence_generator_limit_exceeded"),
    ("2200L", "not_an_xml_document"),
    ("2200M", "invalid_xml_document"),
    ("2200N", "invalid_xml_content"),
    ("2200S", "invalid_xml_comment"),
    ("2200T", "invalid_xml_processing_instruction"),
    ("22010", "invalid_indicator_parameter_value"),
    ("22011", "substring_error"),
    ("22012", "division_by_zero"),
    ("22013", "invalid_preceding_or_following_size"),
    ("22014", "invalid_argument_for_ntile_function"),
    ("22015", "interval_field_overflow"),
    ("22016", "invalid_argument_for_nth_value_function"),
    ("22018", "invalid_character_value_for_cast"),
    ("22019", "invalid_escape_character"),
    ("2201B", "invalid_regular_expression"),
    ("2201E", "invalid_argument_for_logarithm"),
    ("2201F", "invalid_argument_for_power_function"),
    ("2201G", "invalid_argument_for_width_bucket_function"),
    ("2201W", "invalid_row_count_in_limit_clause"),
    ("2201X", "invalid_row_count_in_result_offset_clause"),
    ("22021", "character_not_in_repertoire"),
    ("22022", "indicator_overflow"),
    ("22023", "invalid_parameter_value"),
    ("22024", "unterminated_c_string"),
    ("22025", "invalid_escape_sequence"),
    ("22026", "string_data_length_mismatch"),
    ("22027", "trim_error"),
    ("2202E", "array_subscript_error"),
    ("2202G", "invalid_tablesample_repeat"),
    ("2202H", "invalid_tablesample_argument"),
    ("22030", "duplicate_json_object_key_value"),
    ("22031", "invalid_argument_for_sql_json_datetime_function"),
    ("22032", "invalid_json_text"),
    ("22033", "invalid_sql_json_subscript"),
    ("22034", "more_than_one_sql_json_item"),
    ("22035", "no_sql_json_item"),
    ("22036", "non_numeric_sql_json_item"),
    ("22037", "non_unique_keys_in_a_json_object"),
    ("22038", "singleton_sql_json_item_required"),
    ("22039", "sql_json_array_not_found"),
    ("2203A", "sql_json_member_not_found"),
    ("2203B", "sql_json_number_not_found"),
    ("2203C", "sql_json_object_not_found"),
    ("2203D", "too_many_json_array_elements"),
    ("2203E", "too_many_json_object_members"),
    ("2203F", "sql_json_scalar_required"),
    ("2203G", "sql_json_item_cannot_be_cast_to_target_type"),
    ("22P01", "floating_point_exception"),
    ("22P02", "invalid_text_representation"),
    ("22P03", "invalid_binary_representation"),
    ("22P04", "bad_copy_file_format"),
    ("22P05", "untranslatable_character"),
    ("22P06", "nonstandard_use_of_escape_character"),
    ("23000", "integrity_constraint_violation"),
    ("23001", "restrict_violation"),
    ("23502", "not_null_violation"),
    ("23503", "foreign_key_violation"),
    ("23505", "unique_violation"),
    ("23514", "check_violation"),
    ("23P01", "exclusion_violation"),
    ("24000", "invalid_cursor_state"),
    ("25000", "invalid_transaction_state"),
    ("25001", "active_sql_transaction"),
    ("25002", "branch_transaction_already_active"),
    ("25003", "inappropriate_access_mode_for_branch_transaction"),
    ("25004", "inappropriate_isolation_level_for_branch_transaction"),
    ("25005", "no_active_sql_transaction_for_branch_transaction"),
    ("25006", "read_only_sql_transaction"),
    ("25007", "schema_and_data_statement_mixing_not_supported"),
    ("25008", "held_cursor_requires_same_isolation_level"),
    ("25P01", "no_active_sql_transaction"),
    ("25P02", "in_failed_sql_transaction"),
    ("25P03", "idle_in_transaction_session_timeout"),
    ("25P04", "transaction_timeout"),
    ("26000", "invalid_sql_statement_name"),
    ("27000", "triggered_data_change_violation"),
    ("28000", "invalid_authorization_specification"),
    ("28P01", "invalid_password"),
    ("2B000", "dependent_privilege_descriptors_still_exist"),
    ("2BP01", "dependent_objects_still_exist"),
    ("2D000", "invalid_transaction_termination"),
    ("2F000", "sql_routine_exception"),
    ("2F002", "modifying_sql_data_not_permitted"),
    ("2F003", "prohibited_sql_statement_attempted"),
    ("2F004", "reading_sql_data_not_permitted"),
    ("2F005", "function_executed_no_return_statement"),
    ("34000", "invalid_cursor_name"),
    ("38000", "external_routine_exception"),
    ("38001", "containing_sql_not_permitted"),
    ("38002", "modifying_sql_data_not_permitted"),
    ("38003", "prohibited_sql_statement_attempted"),
    ("38004", "reading_sql_data_not_permitted"),
    ("39000", "external_routine_invocation_exception"),
    ("39001", "invalid_sqlstate_returned"),
    ("39004", "null_value_not_allowed"),
    ("39P01", "trigger_protocol_violated"),
    ("39P02", "srf_protocol_violated"),
    ("39P03", "event_trigger_protocol_violated"),
    ("3B000", "savepoint_exception"),
    ("3B001", "invalid_savepoint_specification"),
    ("3D000", "invalid_catalog_name"),
    ("3F000", "invalid_schema_name"),
    ("40000", "transaction_rollback"),
    ("40001", "serialization_failure"),
    ("40002", "transaction_integrity_constraint_violation"),
    ("40003", "statement_completion_unknown"),
    ("40P01", "deadlock_detected"),
    ("42000", "syntax_error_or_access_rule_violation"),
    ("42501", "insufficient_privilege"),
    ("42601", "syntax_error"),
    ("42602", "invalid_name"),
    ("42611", "invalid_column_definition"),
    ("42622", "name_too_long"),
    ("42701", "duplicate_column"),
    ("42702", "ambiguous_column"),
    ("42703", "undefined_column"),
    ("42704", "undefined_object"),
    ("42710", "duplicate_object"),
    ("42712", "duplicate_alias"),
    ("42723", "duplicate_function"),
    ("42725", "ambiguous_function"),
    ("42803", "grouping_error"),
    ("42804", "datatype_mismatch"),
    ("42809", "wrong_object_type"),
    ("42830", "invalid_foreign_key"),
    ("42846", "cannot_coerce"),
    ("42883", "undefined_function"),
    ("428C9", "generated_always"),
    ("42939", "reserved_name"),
    ("42P01", "undefined_table"),
    ("42P02", "undefined_parameter"),
    ("42P03", "duplicate_cursor"),
    ("42P04", "duplicate_database"),
    ("42P05", "duplicate_prepared_statement"),
    ("42P06", "duplicate_schema"),
    ("42P07", "duplicate_table"),
    ("42P08", "ambiguous_parameter"),
    ("42P09", "ambiguous_alias"),
    ("42P10", "invalid_column_reference"),
    ("42P11", "invalid_cursor_definition"),
    ("42P12", "invalid_database_definition"),
    ("42P13", "invalid_function_definition"),
    ("42P14", "invalid_prepared_statement_definition"),
    ("42P15", "invalid_schema_definition"),
    ("42P16", "invalid_table_definition"),
    ("42P17", "invalid_object_definition"),
    ("42P18", "indeterminate_datatype"),
    ("42P19", "invalid_recursion"),
    ("42P20", "windowing_error"),
    ("42P21", "collation_mismatch"),
    ("42P22", "indeterminate_collation"),
    ("44000", "with_check_option_violation"),
    ("53000", "insufficient_resources"),
    ("53100", "disk_full"),
    ("53200", "out_of_memory"),
    ("53300", "too_many_connections"),
    ("53400", "configuration_limit_exceeded"),
    ("54000", "program_limit_exceeded"),
    ("54001", "statement_too_complex"),
    ("54011", "too_many_columns"),
    ("54023", "too_many_arguments"),
    ("55000", "object_not_in_prerequisite_state"),
    ("55006", "object_in_use"),
    ("55P02", "cant_change_runtime_param"),
    ("55P03", "lock_not_available"),
    ("55P04", "unsafe_new_enum_value_usage"),
    ("57000", "operator_intervention"),
    ("57014", "query_canceled"),
    ("57P01", "admin_shutdown"),
    ("57P02", "crash_shutdown"),
    ("57P03", "cannot_connect_now"),
    ("57P04", "database_dropped"),
    ("57P05", "idle_session_timeout"),
    ("58000", "system_error"),
    ("58030", "io_error"),
    ("58P01", "undefined_file"),
    ("58P02", "duplicate_file"),
    ("58P03", "file_name_too_long"),
    ("F0000", "config_file_error"),
    ("F0001", "lock_file_exists"),
    ("HV000", "fdw_error"),
    ("HV001", "fdw_out_of_memory"),
    ("HV002", "fdw_dynamic_parameter_value_needed"),
    ("HV004", "fdw_invalid_data_type"),
    ("HV005", "fdw_column_name_not_found"),
    ("HV006", "fdw_invalid_data_type_descriptors"),
    ("HV007", "fdw_invalid_column_name"),
    ("HV008", "fdw_invalid_column_number"),
    ("HV009", "fdw_invalid_use_of_null_pointer"),
    ("HV00A", "fdw_invalid_string_format"),
    ("HV00B", "fdw_invalid_handle"),
    ("HV00C", "fdw_invalid_option_index"),
    ("HV00D", "fdw_invalid_option_name"),
    ("HV00J", "fdw_option_name_not_found"),
    ("HV00K", "fdw_reply_handle"),
    ("HV00L", "fdw_unable_to_create_execution"),
    ("HV00M", "fdw_unable_to_create_reply"),
    ("HV00N", "fdw_unable_to_establish_connection"),
    ("HV00P", "fdw_no_schemas"),
    ("HV00Q", "fdw_schema_not_found"),
    ("HV00R", "fdw_table_not_found"),
    ("HV010", "fdw_function_sequence_error"),
    ("HV014", "fdw_too_many_handles"),
    ("HV021", "fdw_inconsistent_descriptor_information"),
    ("HV024", "fdw_invalid_attribute_value"),
    ("HV090", "fdw_invalid_string_length_or_buffer_length"),
    ("HV091", "fdw_invalid_descriptor_field_identifier"),
    ("P0000", "plpgsql_error"),
    ("P0001", "raise_exception"),
    ("P0002", "no_data_found"),
    ("P0003", "too_many_rows"),
    ("P0004", "assert_failure"),
    ("XX000", "internal_error"),
    ("XX001", "data_corrupted"),
    ("XX002", "index_corrupted"),
];
