// Generated from PostgreSQL's own tables by `cargo xtask generate`; do not edit.

//! The OIDs of the built-in types, to match on.

/// `bool`.
pub const BOOL: u32 = 16;
/// `bytea`.
pub const BYTEA: u32 = 17;
/// `char`.
pub const CHAR: u32 = 18;
/// `name`.
pub const NAME: u32 = 19;
/// `int8`.
pub const INT8: u32 = 20;
/// `int2`.
pub const INT2: u32 = 21;
/// `int2vector`.
pub const INT2VECTOR: u32 = 22;
/// `int4`.
pub const INT4: u32 = 23;
/// `regproc`.
pub const REGPROC: u32 = 24;
/// `text`.
pub const TEXT: u32 = 25;
/// `oid`.
pub const OID: u32 = 26;
/// `tid`.
pub const TID: u32 = 27;
/// `xid`.
pub const XID: u32 = 28;
/// `cid`.
pub const CID: u32 = 29;
/// `oidvector`.
pub const OIDVECTOR: u32 = 30;
/// `pg_ddl_command`.
pub const PG_DDL_COMMAND: u32 = 32;
/// `json`.
pub const JSON: u32 = 114;
/// `xml`.
pub const XML: u32 = 142;
/// `xml[]`.
pub const XML_ARRAY: u32 = 143;
/// `pg_node_tree`.
pub const PG_NODE_TREE: u32 = 194;
/// `json[]`.
pub const JSON_ARRAY: u32 = 199;
/// `table_am_handler`.
pub const TABLE_AM_HANDLER: u32 = 269;
/// `xid8[]`.
pub const XID8_ARRAY: u32 = 271;
/// `index_am_handler`.
pub const INDEX_AM_HANDLER: u32 = 325;
/// `point`.
pub const POINT: u32 = 600;
/// `lseg`.
pub const LSEG: u32 = 601;
/// `path`.
pub const PATH: u32 = 602;
/// `box`.
pub const BOX: u32 = 603;
/// `polygon`.
pub const POLYGON: u32 = 604;
/// `line`.
pub const LINE: u32 = 628;
/// `line[]`.
pub const LINE_ARRAY: u32 = 629;
/// `cidr`.
pub const CIDR: u32 = 650;
/// `cidr[]`.
pub const CIDR_ARRAY: u32 = 651;
/// `float4`.
pub const FLOAT4: u32 = 700;
/// `float8`.
pub const FLOAT8: u32 = 701;
/// `unknown`.
pub const UNKNOWN: u32 = 705;
/// `circle`.
pub const CIRCLE: u32 = 718;
/// `circle[]`.
pub const CIRCLE_ARRAY: u32 = 719;
/// `macaddr8`.
pub const MACADDR8: u32 = 774;
/// `macaddr8[]`.
pub const MACADDR8_ARRAY: u32 = 775;
/// `money`.
pub const MONEY: u32 = 790;
/// `money[]`.
pub const MONEY_ARRAY: u32 = 791;
/// `macaddr`.
pub const MACADDR: u32 = 829;
/// `inet`.
pub const INET: u32 = 869;
/// `bool[]`.
pub const BOOL_ARRAY: u32 = 1000;
/// `bytea[]`.
pub const BYTEA_ARRAY: u32 = 1001;
/// `char[]`.
pub const CHAR_ARRAY: u32 = 1002;
/// `name[]`.
pub const NAME_ARRAY: u32 = 1003;
/// `int2[]`.
pub const INT2_ARRAY: u32 = 1005;
/// `int2vector[]`.
pub const INT2VECTOR_ARRAY: u32 = 1006;
/// `int4[]`.
pub const INT4_ARRAY: u32 = 1007;
/// `regproc[]`.
pub const REGPROC_ARRAY: u32 = 1008;
/// `text[]`.
pub const TEXT_ARRAY: u32 = 1009;
/// `tid[]`.
pub const TID_ARRAY: u32 = 1010;
/// `xid[]`.
pub const XID_ARRAY: u32 = 1011;
/// `cid[]`.
pub const CID_ARRAY: u32 = 1012;
/// `oidvector[]`.
pub const OIDVECTOR_ARRAY: u32 = 1013;
/// `bpchar[]`.
pub const BPCHAR_ARRAY: u32 = 1014;
/// `varchar[]`.
pub const VARCHAR_ARRAY: u32 = 1015;
/// `int8[]`.
pub const INT8_ARRAY: u32 = 1016;
/// `point[]`.
pub const POINT_ARRAY: u32 = 1017;
/// `lseg[]`.
pub const LSEG_ARRAY: u32 = 1018;
/// `path[]`.
pub const PATH_ARRAY: u32 = 1019;
/// `box[]`.
pub const BOX_ARRAY: u32 = 1020;
/// `float4[]`.
pub const FLOAT4_ARRAY: u32 = 1021;
/// `float8[]`.
pub const FLOAT8_ARRAY: u32 = 1022;
/// `polygon[]`.
pub const POLYGON_ARRAY: u32 = 1027;
/// `oid[]`.
pub const OID_ARRAY: u32 = 1028;
/// `aclitem`.
pub const ACLITEM: u32 = 1033;
/// `aclitem[]`.
pub const ACLITEM_ARRAY: u32 = 1034;
/// `macaddr[]`.
pub const MACADDR_ARRAY: u32 = 1040;
/// `inet[]`.
pub const INET_ARRAY: u32 = 1041;
/// `bpchar`.
pub const BPCHAR: u32 = 1042;
/// `varchar`.
pub const VARCHAR: u32 = 1043;
/// `date`.
pub const DATE: u32 = 1082;
/// `time`.
pub const TIME: u32 = 1083;
/// `timestamp`.
pub const TIMESTAMP: u32 = 1114;
/// `timestamp[]`.
pub const TIMESTAMP_ARRAY: u32 = 1115;
/// `date[]`.
pub const DATE_ARRAY: u32 = 1182;
/// `time[]`.
pub const TIME_ARRAY: u32 = 1183;
/// `timestamptz`.
pub const TIMESTAMPTZ: u32 = 1184;
/// `timestamptz[]`.
pub const TIMESTAMPTZ_ARRAY: u32 = 1185;
/// `interval`.
pub const INTERVAL: u32 = 1186;
/// `interval[]`.
pub const INTERVAL_ARRAY: u32 = 1187;
/// `numeric[]`.
pub const NUMERIC_ARRAY: u32 = 1231;
/// `cstring[]`.
pub const CSTRING_ARRAY: u32 = 1263;
/// `timetz`.
pub const TIMETZ: u32 = 1266;
/// `timetz[]`.
pub const TIMETZ_ARRAY: u32 = 1270;
/// `bit`.
pub const BIT: u32 = 1560;
/// `bit[]`.
pub const BIT_ARRAY: u32 = 1561;
/// `varbit`.
pub const VARBIT: u32 = 1562;
/// `varbit[]`.
pub const VARBIT_ARRAY: u32 = 1563;
/// `numeric`.
pub const NUMERIC: u32 = 1700;
/// `refcursor`.
pub const REFCURSOR: u32 = 1790;
/// `refcursor[]`.
pub const REFCURSOR_ARRAY: u32 = 2201;
/// `regprocedure`.
pub const REGPROCEDURE: u32 = 2202;
/// `regoper`.
pub const REGOPER: u32 = 2203;
/// `regoperator`.
pub const REGOPERATOR: u32 = 2204;
/// `regclass`.
pub const REGCLASS: u32 = 2205;
/// `regtype`.
pub const REGTYPE: u32 = 2206;
/// `regprocedure[]`.
pub const REGPROCEDURE_ARRAY: u32 = 2207;
/// `regoper[]`.
pub const REGOPER_ARRAY: u32 = 2208;
/// `regoperator[]`.
pub const REGOPERATOR_ARRAY: u32 = 2209;
/// `regclass[]`.
pub const REGCLASS_ARRAY: u32 = 2210;
/// `regtype[]`.
pub const REGTYPE_ARRAY: u32 = 2211;
/// `record`.
pub const RECORD: u32 = 2249;
/// `cstring`.
pub const CSTRING: u32 = 2275;
/// `any`.
pub const ANY: u32 = 2276;
/// `anyarray`.
pub const ANYARRAY: u32 = 2277;
/// `void`.
pub const VOID: u32 = 2278;
/// `trigger`.
pub const TRIGGER: u32 = 2279;
/// `language_handler`.
pub const LANGUAGE_HANDLER: u32 = 2280;
/// `internal`.
pub const INTERNAL: u32 = 2281;
/// `anyelement`.
pub const ANYELEMENT: u32 = 2283;
/// `record[]`.
pub const RECORD_ARRAY: u32 = 2287;
/// `anynonarray`.
pub const ANYNONARRAY: u32 = 2776;
/// `txid_snapshot[]`.
pub const TXID_SNAPSHOT_ARRAY: u32 = 2949;
/// `uuid`.
pub const UUID: u32 = 2950;
/// `uuid[]`.
pub const UUID_ARRAY: u32 = 2951;
/// `txid_snapshot`.
pub const TXID_SNAPSHOT: u32 = 2970;
/// `fdw_handler`.
pub const FDW_HANDLER: u32 = 3115;
/// `pg_lsn`.
pub const PG_LSN: u32 = 3220;
/// `pg_lsn[]`.
pub const PG_LSN_ARRAY: u32 = 3221;
/// `tsm_handler`.
pub const TSM_HANDLER: u32 = 3310;
/// `pg_ndistinct`.
pub const PG_NDISTINCT: u32 = 3361;
/// `pg_dependencies`.
pub const PG_DEPENDENCIES: u32 = 3402;
/// `anyenum`.
pub const ANYENUM: u32 = 3500;
/// `tsvector`.
pub const TSVECTOR: u32 = 3614;
/// `tsquery`.
pub const TSQUERY: u32 = 3615;
/// `gtsvector`.
pub const GTSVECTOR: u32 = 3642;
/// `tsvector[]`.
pub const TSVECTOR_ARRAY: u32 = 3643;
/// `gtsvector[]`.
pub const GTSVECTOR_ARRAY: u32 = 3644;
/// `tsquery[]`.
pub const TSQUERY_ARRAY: u32 = 3645;
/// `regconfig`.
pub const REGCONFIG: u32 = 3734;
/// `regconfig[]`.
pub const REGCONFIG_ARRAY: u32 = 3735;
/// `regdictionary`.
pub const REGDICTIONARY: u32 = 3769;
/// `regdictionary[]`.
pub const REGDICTIONARY_ARRAY: u32 = 3770;
/// `jsonb`.
pub const JSONB: u32 = 3802;
/// `jsonb[]`.
pub const JSONB_ARRAY: u32 = 3807;
/// `anyrange`.
pub const ANYRANGE: u32 = 3831;
/// `event_trigger`.
pub const EVENT_TRIGGER: u32 = 3838;
/// `int4range`.
pub const INT4RANGE: u32 = 3904;
/// `int4range[]`.
pub const INT4RANGE_ARRAY: u32 = 3905;
/// `numrange`.
pub const NUMRANGE: u32 = 3906;
/// `numrange[]`.
pub const NUMRANGE_ARRAY: u32 = 3907;
/// `tsrange`.
pub const TSRANGE: u32 = 3908;
/// `tsrange[]`.
pub const TSRANGE_ARRAY: u32 = 3909;
/// `tstzrange`.
pub const TSTZRANGE: u32 = 3910;
/// `tstzrange[]`.
pub const TSTZRANGE_ARRAY: u32 = 3911;
/// `daterange`.
pub const DATERANGE: u32 = 3912;
/// `daterange[]`.
pub const DATERANGE_ARRAY: u32 = 3913;
/// `int8range`.
pub const INT8RANGE: u32 = 3926;
/// `int8range[]`.
pub const INT8RANGE_ARRAY: u32 = 3927;
/// `jsonpath`.
pub const JSONPATH: u32 = 4072;
/// `jsonpath[]`.
pub const JSONPATH_ARRAY: u32 = 4073;
/// `regnamespace`.
pub const REGNAMESPACE: u32 = 4089;
/// `regnamespace[]`.
pub const REGNAMESPACE_ARRAY: u32 = 4090;
/// `regrole`.
pub const REGROLE: u32 = 4096;
/// `regrole[]`.
pub const REGROLE_ARRAY: u32 = 4097;
/// `regcollation`.
pub const REGCOLLATION: u32 = 4191;
/// `regcollation[]`.
pub const REGCOLLATION_ARRAY: u32 = 4192;
/// `int4multirange`.
pub const INT4MULTIRANGE: u32 = 4451;
/// `nummultirange`.
pub const NUMMULTIRANGE: u32 = 4532;
/// `tsmultirange`.
pub const TSMULTIRANGE: u32 = 4533;
/// `tstzmultirange`.
pub const TSTZMULTIRANGE: u32 = 4534;
/// `datemultirange`.
pub const DATEMULTIRANGE: u32 = 4535;
/// `int8multirange`.
pub const INT8MULTIRANGE: u32 = 4536;
/// `anymultirange`.
pub const ANYMULTIRANGE: u32 = 4537;
/// `anycompatiblemultirange`.
pub const ANYCOMPATIBLEMULTIRANGE: u32 = 4538;
/// `pg_brin_bloom_summary`.
pub const PG_BRIN_BLOOM_SUMMARY: u32 = 4600;
/// `pg_brin_minmax_multi_summary`.
pub const PG_BRIN_MINMAX_MULTI_SUMMARY: u32 = 4601;
/// `pg_mcv_list`.
pub const PG_MCV_LIST: u32 = 5017;
/// `pg_snapshot`.
pub const PG_SNAPSHOT: u32 = 5038;
/// `pg_snapshot[]`.
pub const PG_SNAPSHOT_ARRAY: u32 = 5039;
/// `xid8`.
pub const XID8: u32 = 5069;
/// `anycompatible`.
pub const ANYCOMPATIBLE: u32 = 5077;
/// `anycompatiblearray`.
pub const ANYCOMPATIBLEARRAY: u32 = 5078;
/// `anycompatiblenonarray`.
pub const ANYCOMPATIBLENONARRAY: u32 = 5079;
/// `anycompatiblerange`.
pub const ANYCOMPATIBLERANGE: u32 = 5080;
/// `int4multirange[]`.
pub const INT4MULTIRANGE_ARRAY: u32 = 6150;
/// `nummultirange[]`.
pub const NUMMULTIRANGE_ARRAY: u32 = 6151;
/// `tsmultirange[]`.
pub const TSMULTIRANGE_ARRAY: u32 = 6152;
/// `tstzmultirange[]`.
pub const TSTZMULTIRANGE_ARRAY: u32 = 6153;
/// `datemultirange[]`.
pub const DATEMULTIRANGE_ARRAY: u32 = 6155;
/// `int8multirange[]`.
pub const INT8MULTIRANGE_ARRAY: u32 = 6157;
