// Generated from PostgreSQL's own tables by `cargo xtask generate`; do not edit.

use super::oid;
use crate::types::BuiltInKind::{Array, Base, Multirange, Pseudo, Range};
use crate::types::{BuiltIn, Type};

impl Type {
    /// `bool`.
    pub const BOOL: Self = Self::built_in(&BOOL);
    /// `bytea`.
    pub const BYTEA: Self = Self::built_in(&BYTEA);
    /// `char`.
    pub const CHAR: Self = Self::built_in(&CHAR);
    /// `name`.
    pub const NAME: Self = Self::built_in(&NAME);
    /// `int8`.
    pub const INT8: Self = Self::built_in(&INT8);
    /// `int2`.
    pub const INT2: Self = Self::built_in(&INT2);
    /// `int2vector`.
    pub const INT2VECTOR: Self = Self::built_in(&INT2VECTOR);
    /// `int4`.
    pub const INT4: Self = Self::built_in(&INT4);
    /// `regproc`.
    pub const REGPROC: Self = Self::built_in(&REGPROC);
    /// `text`.
    pub const TEXT: Self = Self::built_in(&TEXT);
    /// `oid`.
    pub const OID: Self = Self::built_in(&OID);
    /// `tid`.
    pub const TID: Self = Self::built_in(&TID);
    /// `xid`.
    pub const XID: Self = Self::built_in(&XID);
    /// `cid`.
    pub const CID: Self = Self::built_in(&CID);
    /// `oidvector`.
    pub const OIDVECTOR: Self = Self::built_in(&OIDVECTOR);
    /// `pg_ddl_command`.
    pub const PG_DDL_COMMAND: Self = Self::built_in(&PG_DDL_COMMAND);
    /// `json`.
    pub const JSON: Self = Self::built_in(&JSON);
    /// `xml`.
    pub const XML: Self = Self::built_in(&XML);
    /// `xml[]`.
    pub const XML_ARRAY: Self = Self::built_in(&XML_ARRAY);
    /// `pg_node_tree`.
    pub const PG_NODE_TREE: Self = Self::built_in(&PG_NODE_TREE);
    /// `json[]`.
    pub const JSON_ARRAY: Self = Self::built_in(&JSON_ARRAY);
    /// `table_am_handler`.
    pub const TABLE_AM_HANDLER: Self = Self::built_in(&TABLE_AM_HANDLER);
    /// `xid8[]`.
    pub const XID8_ARRAY: Self = Self::built_in(&XID8_ARRAY);
    /// `index_am_handler`.
    pub const INDEX_AM_HANDLER: Self = Self::built_in(&INDEX_AM_HANDLER);
    /// `point`.
    pub const POINT: Self = Self::built_in(&POINT);
    /// `lseg`.
    pub const LSEG: Self = Self::built_in(&LSEG);
    /// `path`.
    pub const PATH: Self = Self::built_in(&PATH);
    /// `box`.
    pub const BOX: Self = Self::built_in(&BOX);
    /// `polygon`.
    pub const POLYGON: Self = Self::built_in(&POLYGON);
    /// `line`.
    pub const LINE: Self = Self::built_in(&LINE);
    /// `line[]`.
    pub const LINE_ARRAY: Self = Self::built_in(&LINE_ARRAY);
    /// `cidr`.
    pub const CIDR: Self = Self::built_in(&CIDR);
    /// `cidr[]`.
    pub const CIDR_ARRAY: Self = Self::built_in(&CIDR_ARRAY);
    /// `float4`.
    pub const FLOAT4: Self = Self::built_in(&FLOAT4);
    /// `float8`.
    pub const FLOAT8: Self = Self::built_in(&FLOAT8);
    /// `unknown`.
    pub const UNKNOWN: Self = Self::built_in(&UNKNOWN);
    /// `circle`.
    pub const CIRCLE: Self = Self::built_in(&CIRCLE);
    /// `circle[]`.
    pub const CIRCLE_ARRAY: Self = Self::built_in(&CIRCLE_ARRAY);
    /// `macaddr8`.
    pub const MACADDR8: Self = Self::built_in(&MACADDR8);
    /// `macaddr8[]`.
    pub const MACADDR8_ARRAY: Self = Self::built_in(&MACADDR8_ARRAY);
    /// `money`.
    pub const MONEY: Self = Self::built_in(&MONEY);
    /// `money[]`.
    pub const MONEY_ARRAY: Self = Self::built_in(&MONEY_ARRAY);
    /// `macaddr`.
    pub const MACADDR: Self = Self::built_in(&MACADDR);
    /// `inet`.
    pub const INET: Self = Self::built_in(&INET);
    /// `bool[]`.
    pub const BOOL_ARRAY: Self = Self::built_in(&BOOL_ARRAY);
    /// `bytea[]`.
    pub const BYTEA_ARRAY: Self = Self::built_in(&BYTEA_ARRAY);
    /// `char[]`.
    pub const CHAR_ARRAY: Self = Self::built_in(&CHAR_ARRAY);
    /// `name[]`.
    pub const NAME_ARRAY: Self = Self::built_in(&NAME_ARRAY);
    /// `int2[]`.
    pub const INT2_ARRAY: Self = Self::built_in(&INT2_ARRAY);
    /// `int2vector[]`.
    pub const INT2VECTOR_ARRAY: Self = Self::built_in(&INT2VECTOR_ARRAY);
    /// `int4[]`.
    pub const INT4_ARRAY: Self = Self::built_in(&INT4_ARRAY);
    /// `regproc[]`.
    pub const REGPROC_ARRAY: Self = Self::built_in(&REGPROC_ARRAY);
    /// `text[]`.
    pub const TEXT_ARRAY: Self = Self::built_in(&TEXT_ARRAY);
    /// `tid[]`.
    pub const TID_ARRAY: Self = Self::built_in(&TID_ARRAY);
    /// `xid[]`.
    pub const XID_ARRAY: Self = Self::built_in(&XID_ARRAY);
    /// `cid[]`.
    pub const CID_ARRAY: Self = Self::built_in(&CID_ARRAY);
    /// `oidvector[]`.
    pub const OIDVECTOR_ARRAY: Self = Self::built_in(&OIDVECTOR_ARRAY);
    /// `bpchar[]`.
    pub const BPCHAR_ARRAY: Self = Self::built_in(&BPCHAR_ARRAY);
    /// `varchar[]`.
    pub const VARCHAR_ARRAY: Self = Self::built_in(&VARCHAR_ARRAY);
    /// `int8[]`.
    pub const INT8_ARRAY: Self = Self::built_in(&INT8_ARRAY);
    /// `point[]`.
    pub const POINT_ARRAY: Self = Self::built_in(&POINT_ARRAY);
    /// `lseg[]`.
    pub const LSEG_ARRAY: Self = Self::built_in(&LSEG_ARRAY);
    /// `path[]`.
    pub const PATH_ARRAY: Self = Self::built_in(&PATH_ARRAY);
    /// `box[]`.
    pub const BOX_ARRAY: Self = Self::built_in(&BOX_ARRAY);
    /// `float4[]`.
    pub const FLOAT4_ARRAY: Self = Self::built_in(&FLOAT4_ARRAY);
    /// `float8[]`.
    pub const FLOAT8_ARRAY: Self = Self::built_in(&FLOAT8_ARRAY);
    /// `polygon[]`.
    pub const POLYGON_ARRAY: Self = Self::built_in(&POLYGON_ARRAY);
    /// `oid[]`.
    pub const OID_ARRAY: Self = Self::built_in(&OID_ARRAY);
    /// `aclitem`.
    pub const ACLITEM: Self = Self::built_in(&ACLITEM);
    /// `aclitem[]`.
    pub const ACLITEM_ARRAY: Self = Self::built_in(&ACLITEM_ARRAY);
    /// `macaddr[]`.
    pub const MACADDR_ARRAY: Self = Self::built_in(&MACADDR_ARRAY);
    /// `inet[]`.
    pub const INET_ARRAY: Self = Self::built_in(&INET_ARRAY);
    /// `bpchar`.
    pub const BPCHAR: Self = Self::built_in(&BPCHAR);
    /// `varchar`.
    pub const VARCHAR: Self = Self::built_in(&VARCHAR);
    /// `date`.
    pub const DATE: Self = Self::built_in(&DATE);
    /// `time`.
    pub const TIME: Self = Self::built_in(&TIME);
    /// `timestamp`.
    pub const TIMESTAMP: Self = Self::built_in(&TIMESTAMP);
    /// `timestamp[]`.
    pub const TIMESTAMP_ARRAY: Self = Self::built_in(&TIMESTAMP_ARRAY);
    /// `date[]`.
    pub const DATE_ARRAY: Self = Self::built_in(&DATE_ARRAY);
    /// `time[]`.
    pub const TIME_ARRAY: Self = Self::built_in(&TIME_ARRAY);
    /// `timestamptz`.
    pub const TIMESTAMPTZ: Self = Self::built_in(&TIMESTAMPTZ);
    /// `timestamptz[]`.
    pub const TIMESTAMPTZ_ARRAY: Self = Self::built_in(&TIMESTAMPTZ_ARRAY);
    /// `interval`.
    pub const INTERVAL: Self = Self::built_in(&INTERVAL);
    /// `interval[]`.
    pub const INTERVAL_ARRAY: Self = Self::built_in(&INTERVAL_ARRAY);
    /// `numeric[]`.
    pub const NUMERIC_ARRAY: Self = Self::built_in(&NUMERIC_ARRAY);
    /// `cstring[]`.
    pub const CSTRING_ARRAY: Self = Self::built_in(&CSTRING_ARRAY);
    /// `timetz`.
    pub const TIMETZ: Self = Self::built_in(&TIMETZ);
    /// `timetz[]`.
    pub const TIMETZ_ARRAY: Self = Self::built_in(&TIMETZ_ARRAY);
    /// `bit`.
    pub const BIT: Self = Self::built_in(&BIT);
    /// `bit[]`.
    pub const BIT_ARRAY: Self = Self::built_in(&BIT_ARRAY);
    /// `varbit`.
    pub const VARBIT: Self = Self::built_in(&VARBIT);
    /// `varbit[]`.
    pub const VARBIT_ARRAY: Self = Self::built_in(&VARBIT_ARRAY);
    /// `numeric`.
    pub const NUMERIC: Self = Self::built_in(&NUMERIC);
    /// `refcursor`.
    pub const REFCURSOR: Self = Self::built_in(&REFCURSOR);
    /// `refcursor[]`.
    pub const REFCURSOR_ARRAY: Self = Self::built_in(&REFCURSOR_ARRAY);
    /// `regprocedure`.
    pub const REGPROCEDURE: Self = Self::built_in(&REGPROCEDURE);
    /// `regoper`.
    pub const REGOPER: Self = Self::built_in(&REGOPER);
    /// `regoperator`.
    pub const REGOPERATOR: Self = Self::built_in(&REGOPERATOR);
    /// `regclass`.
    pub const REGCLASS: Self = Self::built_in(&REGCLASS);
    /// `regtype`.
    pub const REGTYPE: Self = Self::built_in(&REGTYPE);
    /// `regprocedure[]`.
    pub const REGPROCEDURE_ARRAY: Self = Self::built_in(&REGPROCEDURE_ARRAY);
    /// `regoper[]`.
    pub const REGOPER_ARRAY: Self = Self::built_in(&REGOPER_ARRAY);
    /// `regoperator[]`.
    pub const REGOPERATOR_ARRAY: Self = Self::built_in(&REGOPERATOR_ARRAY);
    /// `regclass[]`.
    pub const REGCLASS_ARRAY: Self = Self::built_in(&REGCLASS_ARRAY);
    /// `regtype[]`.
    pub const REGTYPE_ARRAY: Self = Self::built_in(&REGTYPE_ARRAY);
    /// `record`.
    pub const RECORD: Self = Self::built_in(&RECORD);
    /// `cstring`.
    pub const CSTRING: Self = Self::built_in(&CSTRING);
    /// `any`.
    pub const ANY: Self = Self::built_in(&ANY);
    /// `anyarray`.
    pub const ANYARRAY: Self = Self::built_in(&ANYARRAY);
    /// `void`.
    pub const VOID: Self = Self::built_in(&VOID);
    /// `trigger`.
    pub const TRIGGER: Self = Self::built_in(&TRIGGER);
    /// `language_handler`.
    pub const LANGUAGE_HANDLER: Self = Self::built_in(&LANGUAGE_HANDLER);
    /// `internal`.
    pub const INTERNAL: Self = Self::built_in(&INTERNAL);
    /// `anyelement`.
    pub const ANYELEMENT: Self = Self::built_in(&ANYELEMENT);
    /// `record[]`.
    pub const RECORD_ARRAY: Self = Self::built_in(&RECORD_ARRAY);
    /// `anynonarray`.
    pub const ANYNONARRAY: Self = Self::built_in(&ANYNONARRAY);
    /// `txid_snapshot[]`.
    pub const TXID_SNAPSHOT_ARRAY: Self = Self::built_in(&TXID_SNAPSHOT_ARRAY);
    /// `uuid`.
    pub const UUID: Self = Self::built_in(&UUID);
    /// `uuid[]`.
    pub const UUID_ARRAY: Self = Self::built_in(&UUID_ARRAY);
    /// `txid_snapshot`.
    pub const TXID_SNAPSHOT: Self = Self::built_in(&TXID_SNAPSHOT);
    /// `fdw_handler`.
    pub const FDW_HANDLER: Self = Self::built_in(&FDW_HANDLER);
    /// `pg_lsn`.
    pub const PG_LSN: Self = Self::built_in(&PG_LSN);
    /// `pg_lsn[]`.
    pub const PG_LSN_ARRAY: Self = Self::built_in(&PG_LSN_ARRAY);
    /// `tsm_handler`.
    pub const TSM_HANDLER: Self = Self::built_in(&TSM_HANDLER);
    /// `pg_ndistinct`.
    pub const PG_NDISTINCT: Self = Self::built_in(&PG_NDISTINCT);
    /// `pg_dependencies`.
    pub const PG_DEPENDENCIES: Self = Self::built_in(&PG_DEPENDENCIES);
    /// `anyenum`.
    pub const ANYENUM: Self = Self::built_in(&ANYENUM);
    /// `tsvector`.
    pub const TSVECTOR: Self = Self::built_in(&TSVECTOR);
    /// `tsquery`.
    pub const TSQUERY: Self = Self::built_in(&TSQUERY);
    /// `gtsvector`.
    pub const GTSVECTOR: Self = Self::built_in(&GTSVECTOR);
    /// `tsvector[]`.
    pub const TSVECTOR_ARRAY: Self = Self::built_in(&TSVECTOR_ARRAY);
    /// `gtsvector[]`.
    pub const GTSVECTOR_ARRAY: Self = Self::built_in(&GTSVECTOR_ARRAY);
    /// `tsquery[]`.
    pub const TSQUERY_ARRAY: Self = Self::built_in(&TSQUERY_ARRAY);
    /// `regconfig`.
    pub const REGCONFIG: Self = Self::built_in(&REGCONFIG);
    /// `regconfig[]`.
    pub const REGCONFIG_ARRAY: Self = Self::built_in(&REGCONFIG_ARRAY);
    /// `regdictionary`.
    pub const REGDICTIONARY: Self = Self::built_in(&REGDICTIONARY);
    /// `regdictionary[]`.
    pub const REGDICTIONARY_ARRAY: Self = Self::built_in(&REGDICTIONARY_ARRAY);
    /// `jsonb`.
    pub const JSONB: Self = Self::built_in(&JSONB);
    /// `jsonb[]`.
    pub const JSONB_ARRAY: Self = Self::built_in(&JSONB_ARRAY);
    /// `anyrange`.
    pub const ANYRANGE: Self = Self::built_in(&ANYRANGE);
    /// `event_trigger`.
    pub const EVENT_TRIGGER: Self = Self::built_in(&EVENT_TRIGGER);
    /// `int4range`.
    pub const INT4RANGE: Self = Self::built_in(&INT4RANGE);
    /// `int4range[]`.
    pub const INT4RANGE_ARRAY: Self = Self::built_in(&INT4RANGE_ARRAY);
    /// `numrange`.
    pub const NUMRANGE: Self = Self::built_in(&NUMRANGE);
    /// `numrange[]`.
    pub const NUMRANGE_ARRAY: Self = Self::built_in(&NUMRANGE_ARRAY);
    /// `tsrange`.
    pub const TSRANGE: Self = Self::built_in(&TSRANGE);
    /// `tsrange[]`.
    pub const TSRANGE_ARRAY: Self = Self::built_in(&TSRANGE_ARRAY);
    /// `tstzrange`.
    pub const TSTZRANGE: Self = Self::built_in(&TSTZRANGE);
    /// `tstzrange[]`.
    pub const TSTZRANGE_ARRAY: Self = Self::built_in(&TSTZRANGE_ARRAY);
    /// `daterange`.
    pub const DATERANGE: Self = Self::built_in(&DATERANGE);
    /// `daterange[]`.
    pub const DATERANGE_ARRAY: Self = Self::built_in(&DATERANGE_ARRAY);
    /// `int8range`.
    pub const INT8RANGE: Self = Self::built_in(&INT8RANGE);
    /// `int8range[]`.
    pub const INT8RANGE_ARRAY: Self = Self::built_in(&INT8RANGE_ARRAY);
    /// `jsonpath`.
    pub const JSONPATH: Self = Self::built_in(&JSONPATH);
    /// `jsonpath[]`.
    pub const JSONPATH_ARRAY: Self = Self::built_in(&JSONPATH_ARRAY);
    /// `regnamespace`.
    pub const REGNAMESPACE: Self = Self::built_in(&REGNAMESPACE);
    /// `regnamespace[]`.
    pub const REGNAMESPACE_ARRAY: Self = Self::built_in(&REGNAMESPACE_ARRAY);
    /// `regrole`.
    pub const REGROLE: Self = Self::built_in(&REGROLE);
    /// `regrole[]`.
    pub const REGROLE_ARRAY: Self = Self::built_in(&REGROLE_ARRAY);
    /// `regcollation`.
    pub const REGCOLLATION: Self = Self::built_in(&REGCOLLATION);
    /// `regcollation[]`.
    pub const REGCOLLATION_ARRAY: Self = Self::built_in(&REGCOLLATION_ARRAY);
    /// `int4multirange`.
    pub const INT4MULTIRANGE: Self = Self::built_in(&INT4MULTIRANGE);
    /// `nummultirange`.
    pub const NUMMULTIRANGE: Self = Self::built_in(&NUMMULTIRANGE);
    /// `tsmultirange`.
    pub const TSMULTIRANGE: Self = Self::built_in(&TSMULTIRANGE);
    /// `tstzmultirange`.
    pub const TSTZMULTIRANGE: Self = Self::built_in(&TSTZMULTIRANGE);
    /// `datemultirange`.
    pub const DATEMULTIRANGE: Self = Self::built_in(&DATEMULTIRANGE);
    /// `int8multirange`.
    pub const INT8MULTIRANGE: Self = Self::built_in(&INT8MULTIRANGE);
    /// `anymultirange`.
    pub const ANYMULTIRANGE: Self = Self::built_in(&ANYMULTIRANGE);
    /// `anycompatiblemultirange`.
    pub const ANYCOMPATIBLEMULTIRANGE: Self = Self::built_in(&ANYCOMPATIBLEMULTIRANGE);
    /// `pg_brin_bloom_summary`.
    pub const PG_BRIN_BLOOM_SUMMARY: Self = Self::built_in(&PG_BRIN_BLOOM_SUMMARY);
    /// `pg_brin_minmax_multi_summary`.
    pub const PG_BRIN_MINMAX_MULTI_SUMMARY: Self = Self::built_in(&PG_BRIN_MINMAX_MULTI_SUMMARY);
    /// `pg_mcv_list`.
    pub const PG_MCV_LIST: Self = Self::built_in(&PG_MCV_LIST);
    /// `pg_snapshot`.
    pub const PG_SNAPSHOT: Self = Self::built_in(&PG_SNAPSHOT);
    /// `pg_snapshot[]`.
    pub const PG_SNAPSHOT_ARRAY: Self = Self::built_in(&PG_SNAPSHOT_ARRAY);
    /// `xid8`.
    pub const XID8: Self = Self::built_in(&XID8);
    /// `anycompatible`.
    pub const ANYCOMPATIBLE: Self = Self::built_in(&ANYCOMPATIBLE);
    /// `anycompatiblearray`.
    pub const ANYCOMPATIBLEARRAY: Self = Self::built_in(&ANYCOMPATIBLEARRAY);
    /// `anycompatiblenonarray`.
    pub const ANYCOMPATIBLENONARRAY: Self = Self::built_in(&ANYCOMPATIBLENONARRAY);
    /// `anycompatiblerange`.
    pub const ANYCOMPATIBLERANGE: Self = Self::built_in(&ANYCOMPATIBLERANGE);
    /// `int4multirange[]`.
    pub const INT4MULTIRANGE_ARRAY: Self = Self::built_in(&INT4MULTIRANGE_ARRAY);
    /// `nummultirange[]`.
    pub const NUMMULTIRANGE_ARRAY: Self = Self::built_in(&NUMMULTIRANGE_ARRAY);
    /// `tsmultirange[]`.
    pub const TSMULTIRANGE_ARRAY: Self = Self::built_in(&TSMULTIRANGE_ARRAY);
    /// `tstzmultirange[]`.
    pub const TSTZMULTIRANGE_ARRAY: Self = Self::built_in(&TSTZMULTIRANGE_ARRAY);
    /// `datemultirange[]`.
    pub const DATEMULTIRANGE_ARRAY: Self = Self::built_in(&DATEMULTIRANGE_ARRAY);
    /// `int8multirange[]`.
    pub const INT8MULTIRANGE_ARRAY: Self = Self::built_in(&INT8MULTIRANGE_ARRAY);
}

/// All of them, sorted by OID for binary search.
pub(crate) static TYPES: [&BuiltIn; 185] = [
    &BOOL,
    &BYTEA,
    &CHAR,
    &NAME,
    &INT8,
    &INT2,
    &INT2VECTOR,
    &INT4,
    &REGPROC,
    &TEXT,
    &OID,
    &TID,
    &XID,
    &CID,
    &OIDVECTOR,
    &PG_DDL_COMMAND,
    &JSON,
    &XML,
    &XML_ARRAY,
    &PG_NODE_TREE,
    &JSON_ARRAY,
    &TABLE_AM_HANDLER,
    &XID8_ARRAY,
    &INDEX_AM_HANDLER,
    &POINT,
    &LSEG,
    &PATH,
    &BOX,
    &POLYGON,
    &LINE,
    &LINE_ARRAY,
    &CIDR,
    &CIDR_ARRAY,
    &FLOAT4,
    &FLOAT8,
    &UNKNOWN,
    &CIRCLE,
    &CIRCLE_ARRAY,
    &MACADDR8,
    &MACADDR8_ARRAY,
    &MONEY,
    &MONEY_ARRAY,
    &MACADDR,
    &INET,
    &BOOL_ARRAY,
    &BYTEA_ARRAY,
    &CHAR_ARRAY,
    &NAME_ARRAY,
    &INT2_ARRAY,
    &INT2VECTOR_ARRAY,
    &INT4_ARRAY,
    &REGPROC_ARRAY,
    &TEXT_ARRAY,
    &TID_ARRAY,
    &XID_ARRAY,
    &CID_ARRAY,
    &OIDVECTOR_ARRAY,
    &BPCHAR_ARRAY,
    &VARCHAR_ARRAY,
    &INT8_ARRAY,
    &POINT_ARRAY,
    &LSEG_ARRAY,
    &PATH_ARRAY,
    &BOX_ARRAY,
    &FLOAT4_ARRAY,
    &FLOAT8_ARRAY,
    &POLYGON_ARRAY,
    &OID_ARRAY,
    &ACLITEM,
    &ACLITEM_ARRAY,
    &MACADDR_ARRAY,
    &INET_ARRAY,
    &BPCHAR,
    &VARCHAR,
    &DATE,
    &TIME,
    &TIMESTAMP,
    &TIMESTAMP_ARRAY,
    &DATE_ARRAY,
    &TIME_ARRAY,
    &TIMESTAMPTZ,
    &TIMESTAMPTZ_ARRAY,
    &INTERVAL,
    &INTERVAL_ARRAY,
    &NUMERIC_ARRAY,
    &CSTRING_ARRAY,
    &TIMETZ,
    &TIMETZ_ARRAY,
    &BIT,
    &BIT_ARRAY,
    &VARBIT,
    &VARBIT_ARRAY,
    &NUMERIC,
    &REFCURSOR,
    &REFCURSOR_ARRAY,
    &REGPROCEDURE,
    &REGOPER,
    &REGOPERATOR,
    &REGCLASS,
    &REGTYPE,
    &REGPROCEDURE_ARRAY,
    &REGOPER_ARRAY,
    &REGOPERATOR_ARRAY,
    &REGCLASS_ARRAY,
    &REGTYPE_ARRAY,
    &RECORD,
    &CSTRING,
    &ANY,
    &ANYARRAY,
    &VOID,
    &TRIGGER,
    &LANGUAGE_HANDLER,
    &INTERNAL,
    &ANYELEMENT,
    &RECORD_ARRAY,
    &ANYNONARRAY,
    &TXID_SNAPSHOT_ARRAY,
    &UUID,
    &UUID_ARRAY,
    &TXID_SNAPSHOT,
    &FDW_HANDLER,
    &PG_LSN,
    &PG_LSN_ARRAY,
    &TSM_HANDLER,
    &PG_NDISTINCT,
    &PG_DEPENDENCIES,
    &ANYENUM,
    &TSVECTOR,
    &TSQUERY,
    &GTSVECTOR,
    &TSVECTOR_ARRAY,
    &GTSVECTOR_ARRAY,
    &TSQUERY_ARRAY,
    &REGCONFIG,
    &REGCONFIG_ARRAY,
    &REGDICTIONARY,
    &REGDICTIONARY_ARRAY,
    &JSONB,
    &JSONB_ARRAY,
    &ANYRANGE,
    &EVENT_TRIGGER,
    &INT4RANGE,
    &INT4RANGE_ARRAY,
    &NUMRANGE,
    &NUMRANGE_ARRAY,
    &TSRANGE,
    &TSRANGE_ARRAY,
    &TSTZRANGE,
    &TSTZRANGE_ARRAY,
    &DATERANGE,
    &DATERANGE_ARRAY,
    &INT8RANGE,
    &INT8RANGE_ARRAY,
    &JSONPATH,
    &JSONPATH_ARRAY,
    &REGNAMESPACE,
    &REGNAMESPACE_ARRAY,
    &REGROLE,
    &REGROLE_ARRAY,
    &REGCOLLATION,
    &REGCOLLATION_ARRAY,
    &INT4MULTIRANGE,
    &NUMMULTIRANGE,
    &TSMULTIRANGE,
    &TSTZMULTIRANGE,
    &DATEMULTIRANGE,
    &INT8MULTIRANGE,
    &ANYMULTIRANGE,
    &ANYCOMPATIBLEMULTIRANGE,
    &PG_BRIN_BLOOM_SUMMARY,
    &PG_BRIN_MINMAX_MULTI_SUMMARY,
    &PG_MCV_LIST,
    &PG_SNAPSHOT,
    &PG_SNAPSHOT_ARRAY,
    &XID8,
    &ANYCOMPATIBLE,
    &ANYCOMPATIBLEARRAY,
    &ANYCOMPATIBLENONARRAY,
    &ANYCOMPATIBLERANGE,
    &INT4MULTIRANGE_ARRAY,
    &NUMMULTIRANGE_ARRAY,
    &TSMULTIRANGE_ARRAY,
    &TSTZMULTIRANGE_ARRAY,
    &DATEMULTIRANGE_ARRAY,
    &INT8MULTIRANGE_ARRAY,
];

// OID, name, kind, array, delimiter, binary output.
static BOOL: BuiltIn = BuiltIn::row(oid::BOOL, "bool", Base, Some(&BOOL_ARRAY), b',', true);
static BYTEA: BuiltIn = BuiltIn::row(oid::BYTEA, "bytea", Base, Some(&BYTEA_ARRAY), b',', true);
static CHAR: BuiltIn = BuiltIn::row(oid::CHAR, "char", Base, Some(&CHAR_ARRAY), b',', true);
static NAME: BuiltIn = BuiltIn::row(oid::NAME, "name", Base, Some(&NAME_ARRAY), b',', true);
static INT8: BuiltIn = BuiltIn::row(oid::INT8, "int8", Base, Some(&INT8_ARRAY), b',', true);
static INT2: BuiltIn = BuiltIn::row(oid::INT2, "int2", Base, Some(&INT2_ARRAY), b',', true);
static INT2VECTOR: BuiltIn =
    BuiltIn::row(oid::INT2VECTOR, "int2vector", Array(&INT2), Some(&INT2VECTOR_ARRAY), b',', true);
static INT4: BuiltIn = BuiltIn::row(oid::INT4, "int4", Base, Some(&INT4_ARRAY), b',', true);
static REGPROC: BuiltIn = BuiltIn::row(oid::REGPROC, "regproc", Base, Some(&REGPROC_ARRAY), b',', true);
static TEXT: BuiltIn = BuiltIn::row(oid::TEXT, "text", Base, Some(&TEXT_ARRAY), b',', true);
static OID: BuiltIn = BuiltIn::row(oid::OID, "oid", Base, Some(&OID_ARRAY), b',', true);
static TID: BuiltIn = BuiltIn::row(oid::TID, "tid", Base, Some(&TID_ARRAY), b',', true);
static XID: BuiltIn = BuiltIn::row(oid::XID, "xid", Base, Some(&XID_ARRAY), b',', true);
static CID: BuiltIn = BuiltIn::row(oid::CID, "cid", Base, Some(&CID_ARRAY), b',', true);
static OIDVECTOR: BuiltIn =
    BuiltIn::row(oid::OIDVECTOR, "oidvector", Array(&OID), Some(&OIDVECTOR_ARRAY), b',', true);
static PG_DDL_COMMAND: BuiltIn =
    BuiltIn::row(oid::PG_DDL_COMMAND, "pg_ddl_command", Pseudo, None, b',', true);
static JSON: BuiltIn = BuiltIn::row(oid::JSON, "json", Base, Some(&JSON_ARRAY), b',', true);
static XML: BuiltIn = BuiltIn::row(oid::XML, "xml", Base, Some(&XML_ARRAY), b',', true);
static XML_ARRAY: BuiltIn = BuiltIn::row(oid::XML_ARRAY, "xml[]", Array(&XML), None, b',', true);
static PG_NODE_TREE: BuiltIn = BuiltIn::row(oid::PG_NODE_TREE, "pg_node_tree", Base, None, b',', true);
static JSON_ARRAY: BuiltIn = BuiltIn::row(oid::JSON_ARRAY, "json[]", Array(&JSON), None, b',', true);
static TABLE_AM_HANDLER: BuiltIn =
    BuiltIn::row(oid::TABLE_AM_HANDLER, "table_am_handler", Pseudo, None, b',', false);
static XID8_ARRAY: BuiltIn = BuiltIn::row(oid::XID8_ARRAY, "xid8[]", Array(&XID8), None, b',', true);
static INDEX_AM_HANDLER: BuiltIn =
    BuiltIn::row(oid::INDEX_AM_HANDLER, "index_am_handler", Pseudo, None, b',', false);
static POINT: BuiltIn = BuiltIn::row(oid::POINT, "point", Base, Some(&POINT_ARRAY), b',', true);
static LSEG: BuiltIn = BuiltIn::row(oid::LSEG, "lseg", Base, Some(&LSEG_ARRAY), b',', true);
static PATH: BuiltIn = BuiltIn::row(oid::PATH, "path", Base, Some(&PATH_ARRAY), b',', true);
static BOX: BuiltIn = BuiltIn::row(oid::BOX, "box", Base, Some(&BOX_ARRAY), b';', true);
static POLYGON: BuiltIn = BuiltIn::row(oid::POLYGON, "polygon", Base, Some(&POLYGON_ARRAY), b',', true);
static LINE: BuiltIn = BuiltIn::row(oid::LINE, "line", Base, Some(&LINE_ARRAY), b',', true);
static LINE_ARRAY: BuiltIn = BuiltIn::row(oid::LINE_ARRAY, "line[]", Array(&LINE), None, b',', true);
static CIDR: BuiltIn = BuiltIn::row(oid::CIDR, "cidr", Base, Some(&CIDR_ARRAY), b',', true);
static CIDR_ARRAY: BuiltIn = BuiltIn::row(oid::CIDR_ARRAY, "cidr[]", Array(&CIDR), None, b',', true);
static FLOAT4: BuiltIn = BuiltIn::row(oid::FLOAT4, "float4", Base, Some(&FLOAT4_ARRAY), b',', true);
static FLOAT8: BuiltIn = BuiltIn::row(oid::FLOAT8, "float8", Base, Some(&FLOAT8_ARRAY), b',', true);
static UNKNOWN: BuiltIn = BuiltIn::row(oid::UNKNOWN, "unknown", Pseudo, None, b',', true);
static CIRCLE: BuiltIn = BuiltIn::row(oid::CIRCLE, "circle", Base, Some(&CIRCLE_ARRAY), b',', true);
static CIRCLE_ARRAY: BuiltIn = BuiltIn::row(oid::CIRCLE_ARRAY, "circle[]", Array(&CIRCLE), None, b',', true);
static MACADDR8: BuiltIn = BuiltIn::row(oid::MACADDR8, "macaddr8", Base, Some(&MACADDR8_ARRAY), b',', true);
static MACADDR8_ARRAY: BuiltIn =
    BuiltIn::row(oid::MACADDR8_ARRAY, "macaddr8[]", Array(&MACADDR8), None, b',', true);
static MONEY: BuiltIn = BuiltIn::row(oid::MONEY, "money", Base, Some(&MONEY_ARRAY), b',', true);
static MONEY_ARRAY: BuiltIn = BuiltIn::row(oid::MONEY_ARRAY, "money[]", Array(&MONEY), None, b',', true);
static MACADDR: BuiltIn = BuiltIn::row(oid::MACADDR, "macaddr", Base, Some(&MACADDR_ARRAY), b',', true);
static INET: BuiltIn = BuiltIn::row(oid::INET, "inet", Base, Some(&INET_ARRAY), b',', true);
static BOOL_ARRAY: BuiltIn = BuiltIn::row(oid::BOOL_ARRAY, "bool[]", Array(&BOOL), None, b',', true);
static BYTEA_ARRAY: BuiltIn = BuiltIn::row(oid::BYTEA_ARRAY, "bytea[]", Array(&BYTEA), None, b',', true);
static CHAR_ARRAY: BuiltIn = BuiltIn::row(oid::CHAR_ARRAY, "char[]", Array(&CHAR), None, b',', true);
static NAME_ARRAY: BuiltIn = BuiltIn::row(oid::NAME_ARRAY, "name[]", Array(&NAME), None, b',', true);
static INT2_ARRAY: BuiltIn = BuiltIn::row(oid::INT2_ARRAY, "int2[]", Array(&INT2), None, b',', true);
static INT2VECTOR_ARRAY: BuiltIn =
    BuiltIn::row(oid::INT2VECTOR_ARRAY, "int2vector[]", Array(&INT2VECTOR), None, b',', true);
static INT4_ARRAY: BuiltIn = BuiltIn::row(oid::INT4_ARRAY, "int4[]", Array(&INT4), None, b',', true);
static REGPROC_ARRAY: BuiltIn =
    BuiltIn::row(oid::REGPROC_ARRAY, "regproc[]", Array(&REGPROC), None, b',', true);
static TEXT_ARRAY: BuiltIn = BuiltIn::row(oid::TEXT_ARRAY, "text[]", Array(&TEXT), None, b',', true);
static TID_ARRAY: BuiltIn = BuiltIn::row(oid::TID_ARRAY, "tid[]", Array(&TID), None, b',', true);
static XID_ARRAY: BuiltIn = BuiltIn::row(oid::XID_ARRAY, "xid[]", Array(&XID), None, b',', true);
static CID_ARRAY: BuiltIn = BuiltIn::row(oid::CID_ARRAY, "cid[]", Array(&CID), None, b',', true);
static OIDVECTOR_ARRAY: BuiltIn =
    BuiltIn::row(oid::OIDVECTOR_ARRAY, "oidvector[]", Array(&OIDVECTOR), None, b',', true);
static BPCHAR_ARRAY: BuiltIn = BuiltIn::row(oid::BPCHAR_ARRAY, "bpchar[]", Array(&BPCHAR), None, b',', true);
static VARCHAR_ARRAY: BuiltIn =
    BuiltIn::row(oid::VARCHAR_ARRAY, "varchar[]", Array(&VARCHAR), None, b',', true);
static INT8_ARRAY: BuiltIn = BuiltIn::row(oid::INT8_ARRAY, "int8[]", Array(&INT8), None, b',', true);
static POINT_ARRAY: BuiltIn = BuiltIn::row(oid::POINT_ARRAY, "point[]", Array(&POINT), None, b',', true);
static LSEG_ARRAY: BuiltIn = BuiltIn::row(oid::LSEG_ARRAY, "lseg[]", Array(&LSEG), None, b',', true);
static PATH_ARRAY: BuiltIn = BuiltIn::row(oid::PATH_ARRAY, "path[]", Array(&PATH), None, b',', true);
static BOX_ARRAY: BuiltIn = BuiltIn::row(oid::BOX_ARRAY, "box[]", Array(&BOX), None, b';', true);
static FLOAT4_ARRAY: BuiltIn = BuiltIn::row(oid::FLOAT4_ARRAY, "float4[]", Array(&FLOAT4), None, b',', true);
static FLOAT8_ARRAY: BuiltIn = BuiltIn::row(oid::FLOAT8_ARRAY, "float8[]", Array(&FLOAT8), None, b',', true);
static POLYGON_ARRAY: BuiltIn =
    BuiltIn::row(oid::POLYGON_ARRAY, "polygon[]", Array(&POLYGON), None, b',', true);
static OID_ARRAY: BuiltIn = BuiltIn::row(oid::OID_ARRAY, "oid[]", Array(&OID), None, b',', true);
static ACLITEM: BuiltIn = BuiltIn::row(oid::ACLITEM, "aclitem", Base, Some(&ACLITEM_ARRAY), b',', false);
static ACLITEM_ARRAY: BuiltIn =
    BuiltIn::row(oid::ACLITEM_ARRAY, "aclitem[]", Array(&ACLITEM), None, b',', false);
static MACADDR_ARRAY: BuiltIn =
    BuiltIn::row(oid::MACADDR_ARRAY, "macaddr[]", Array(&MACADDR), None, b',', true);
static INET_ARRAY: BuiltIn = BuiltIn::row(oid::INET_ARRAY, "inet[]", Array(&INET), None, b',', true);
static BPCHAR: BuiltIn = BuiltIn::row(oid::BPCHAR, "bpchar", Base, Some(&BPCHAR_ARRAY), b',', true);
static VARCHAR: BuiltIn = BuiltIn::row(oid::VARCHAR, "varchar", Base, Some(&VARCHAR_ARRAY), b',', true);
static DATE: BuiltIn = BuiltIn::row(oid::DATE, "date", Base, Some(&DATE_ARRAY), b',', true);
static TIME: BuiltIn = BuiltIn::row(oid::TIME, "time", Base, Some(&TIME_ARRAY), b',', true);
static TIMESTAMP: BuiltIn =
    BuiltIn::row(oid::TIMESTAMP, "timestamp", Base, Some(&TIMESTAMP_ARRAY), b',', true);
static TIMESTAMP_ARRAY: BuiltIn =
    BuiltIn::row(oid::TIMESTAMP_ARRAY, "timestamp[]", Array(&TIMESTAMP), None, b',', true);
static DATE_ARRAY: BuiltIn = BuiltIn::row(oid::DATE_ARRAY, "date[]", Array(&DATE), None, b',', true);
static TIME_ARRAY: BuiltIn = BuiltIn::row(oid::TIME_ARRAY, "time[]", Array(&TIME), None, b',', true);
static TIMESTAMPTZ: BuiltIn =
    BuiltIn::row(oid::TIMESTAMPTZ, "timestamptz", Base, Some(&TIMESTAMPTZ_ARRAY), b',', true);
static TIMESTAMPTZ_ARRAY: BuiltIn =
    BuiltIn::row(oid::TIMESTAMPTZ_ARRAY, "timestamptz[]", Array(&TIMESTAMPTZ), None, b',', true);
static INTERVAL: BuiltIn = BuiltIn::row(oid::INTERVAL, "interval", Base, Some(&INTERVAL_ARRAY), b',', true);
static INTERVAL_ARRAY: BuiltIn =
    BuiltIn::row(oid::INTERVAL_ARRAY, "interval[]", Array(&INTERVAL), None, b',', true);
static NUMERIC_ARRAY: BuiltIn =
    BuiltIn::row(oid::NUMERIC_ARRAY, "numeric[]", Array(&NUMERIC), None, b',', true);
static CSTRING_ARRAY: BuiltIn =
    BuiltIn::row(oid::CSTRING_ARRAY, "cstring[]", Array(&CSTRING), None, b',', true);
static TIMETZ: BuiltIn = BuiltIn::row(oid::TIMETZ, "timetz", Base, Some(&TIMETZ_ARRAY), b',', true);
static TIMETZ_ARRAY: BuiltIn = BuiltIn::row(oid::TIMETZ_ARRAY, "timetz[]", Array(&TIMETZ), None, b',', true);
static BIT: BuiltIn = BuiltIn::row(oid::BIT, "bit", Base, Some(&BIT_ARRAY), b',', true);
static BIT_ARRAY: BuiltIn = BuiltIn::row(oid::BIT_ARRAY, "bit[]", Array(&BIT), None, b',', true);
static VARBIT: BuiltIn = BuiltIn::row(oid::VARBIT, "varbit", Base, Some(&VARBIT_ARRAY), b',', true);
static VARBIT_ARRAY: BuiltIn = BuiltIn::row(oid::VARBIT_ARRAY, "varbit[]", Array(&VARBIT), None, b',', true);
static NUMERIC: BuiltIn = BuiltIn::row(oid::NUMERIC, "numeric", Base, Some(&NUMERIC_ARRAY), b',', true);
static REFCURSOR: BuiltIn =
    BuiltIn::row(oid::REFCURSOR, "refcursor", Base, Some(&REFCURSOR_ARRAY), b',', true);
static REFCURSOR_ARRAY: BuiltIn =
    BuiltIn::row(oid::REFCURSOR_ARRAY, "refcursor[]", Array(&REFCURSOR), None, b',', true);
static REGPROCEDURE: BuiltIn =
    BuiltIn::row(oid::REGPROCEDURE, "regprocedure", Base, Some(&REGPROCEDURE_ARRAY), b',', true);
static REGOPER: BuiltIn = BuiltIn::row(oid::REGOPER, "regoper", Base, Some(&REGOPER_ARRAY), b',', true);
static REGOPERATOR: BuiltIn =
    BuiltIn::row(oid::REGOPERATOR, "regoperator", Base, Some(&REGOPERATOR_ARRAY), b',', true);
static REGCLASS: BuiltIn = BuiltIn::row(oid::REGCLASS, "regclass", Base, Some(&REGCLASS_ARRAY), b',', true);
static REGTYPE: BuiltIn = BuiltIn::row(oid::REGTYPE, "regtype", Base, Some(&REGTYPE_ARRAY), b',', true);
static REGPROCEDURE_ARRAY: BuiltIn =
    BuiltIn::row(oid::REGPROCEDURE_ARRAY, "regprocedure[]", Array(&REGPROCEDURE), None, b',', true);
static REGOPER_ARRAY: BuiltIn =
    BuiltIn::row(oid::REGOPER_ARRAY, "regoper[]", Array(&REGOPER), None, b',', true);
static REGOPERATOR_ARRAY: BuiltIn =
    BuiltIn::row(oid::REGOPERATOR_ARRAY, "regoperator[]", Array(&REGOPERATOR), None, b',', true);
static REGCLASS_ARRAY: BuiltIn =
    BuiltIn::row(oid::REGCLASS_ARRAY, "regclass[]", Array(&REGCLASS), None, b',', true);
static REGTYPE_ARRAY: BuiltIn =
    BuiltIn::row(oid::REGTYPE_ARRAY, "regtype[]", Array(&REGTYPE), None, b',', true);
static RECORD: BuiltIn = BuiltIn::row(oid::RECORD, "record", Pseudo, Some(&RECORD_ARRAY), b',', true);
static CSTRING: BuiltIn = BuiltIn::row(oid::CSTRING, "cstring", Pseudo, Some(&CSTRING_ARRAY), b',', true);
static ANY: BuiltIn = BuiltIn::row(oid::ANY, "any", Pseudo, None, b',', false);
static ANYARRAY: BuiltIn = BuiltIn::row(oid::ANYARRAY, "anyarray", Pseudo, None, b',', true);
static VOID: BuiltIn = BuiltIn::row(oid::VOID, "void", Pseudo, None, b',', true);
static TRIGGER: BuiltIn = BuiltIn::row(oid::TRIGGER, "trigger", Pseudo, None, b',', false);
static LANGUAGE_HANDLER: BuiltIn =
    BuiltIn::row(oid::LANGUAGE_HANDLER, "language_handler", Pseudo, None, b',', false);
static INTERNAL: BuiltIn = BuiltIn::row(oid::INTERNAL, "internal", Pseudo, None, b',', false);
static ANYELEMENT: BuiltIn = BuiltIn::row(oid::ANYELEMENT, "anyelement", Pseudo, None, b',', false);
static RECORD_ARRAY: BuiltIn = BuiltIn::row(oid::RECORD_ARRAY, "record[]", Array(&RECORD), None, b',', true);
static ANYNONARRAY: BuiltIn = BuiltIn::row(oid::ANYNONARRAY, "anynonarray", Pseudo, None, b',', false);
static TXID_SNAPSHOT_ARRAY: BuiltIn =
    BuiltIn::row(oid::TXID_SNAPSHOT_ARRAY, "txid_snapshot[]", Array(&TXID_SNAPSHOT), None, b',', true);
static UUID: BuiltIn = BuiltIn::row(oid::UUID, "uuid", Base, Some(&UUID_ARRAY), b',', true);
static UUID_ARRAY: BuiltIn = BuiltIn::row(oid::UUID_ARRAY, "uuid[]", Array(&UUID), None, b',', true);
static TXID_SNAPSHOT: BuiltIn =
    BuiltIn::row(oid::TXID_SNAPSHOT, "txid_snapshot", Base, Some(&TXID_SNAPSHOT_ARRAY), b',', true);
static FDW_HANDLER: BuiltIn = BuiltIn::row(oid::FDW_HANDLER, "fdw_handler", Pseudo, None, b',', false);
static PG_LSN: BuiltIn = BuiltIn::row(oid::PG_LSN, "pg_lsn", Base, Some(&PG_LSN_ARRAY), b',', true);
static PG_LSN_ARRAY: BuiltIn = BuiltIn::row(oid::PG_LSN_ARRAY, "pg_lsn[]", Array(&PG_LSN), None, b',', true);
static TSM_HANDLER: BuiltIn = BuiltIn::row(oid::TSM_HANDLER, "tsm_handler", Pseudo, None, b',', false);
static PG_NDISTINCT: BuiltIn = BuiltIn::row(oid::PG_NDISTINCT, "pg_ndistinct", Base, None, b',', true);
static PG_DEPENDENCIES: BuiltIn =
    BuiltIn::row(oid::PG_DEPENDENCIES, "pg_dependencies", Base, None, b',', true);
static ANYENUM: BuiltIn = BuiltIn::row(oid::ANYENUM, "anyenum", Pseudo, None, b',', false);
static TSVECTOR: BuiltIn = BuiltIn::row(oid::TSVECTOR, "tsvector", Base, Some(&TSVECTOR_ARRAY), b',', true);
static TSQUERY: BuiltIn = BuiltIn::row(oid::TSQUERY, "tsquery", Base, Some(&TSQUERY_ARRAY), b',', true);
static GTSVECTOR: BuiltIn =
    BuiltIn::row(oid::GTSVECTOR, "gtsvector", Base, Some(&GTSVECTOR_ARRAY), b',', false);
static TSVECTOR_ARRAY: BuiltIn =
    BuiltIn::row(oid::TSVECTOR_ARRAY, "tsvector[]", Array(&TSVECTOR), None, b',', true);
static GTSVECTOR_ARRAY: BuiltIn =
    BuiltIn::row(oid::GTSVECTOR_ARRAY, "gtsvector[]", Array(&GTSVECTOR), None, b',', false);
static TSQUERY_ARRAY: BuiltIn =
    BuiltIn::row(oid::TSQUERY_ARRAY, "tsquery[]", Array(&TSQUERY), None, b',', true);
static REGCONFIG: BuiltIn =
    BuiltIn::row(oid::REGCONFIG, "regconfig", Base, Some(&REGCONFIG_ARRAY), b',', true);
static REGCONFIG_ARRAY: BuiltIn =
    BuiltIn::row(oid::REGCONFIG_ARRAY, "regconfig[]", Array(&REGCONFIG), None, b',', true);
static REGDICTIONARY: BuiltIn =
    BuiltIn::row(oid::REGDICTIONARY, "regdictionary", Base, Some(&REGDICTIONARY_ARRAY), b',', true);
static REGDICTIONARY_ARRAY: BuiltIn =
    BuiltIn::row(oid::REGDICTIONARY_ARRAY, "regdictionary[]", Array(&REGDICTIONARY), None, b',', true);
static JSONB: BuiltIn = BuiltIn::row(oid::JSONB, "jsonb", Base, Some(&JSONB_ARRAY), b',', true);
static JSONB_ARRAY: BuiltIn = BuiltIn::row(oid::JSONB_ARRAY, "jsonb[]", Array(&JSONB), None, b',', true);
static ANYRANGE: BuiltIn = BuiltIn::row(oid::ANYRANGE, "anyrange", Pseudo, None, b',', false);
static EVENT_TRIGGER: BuiltIn = BuiltIn::row(oid::EVENT_TRIGGER, "event_trigger", Pseudo, None, b',', false);
static INT4RANGE: BuiltIn =
    BuiltIn::row(oid::INT4RANGE, "int4range", Range(&INT4), Some(&INT4RANGE_ARRAY), b',', true);
static INT4RANGE_ARRAY: BuiltIn =
    BuiltIn::row(oid::INT4RANGE_ARRAY, "int4range[]", Array(&INT4RANGE), None, b',', true);
static NUMRANGE: BuiltIn =
    BuiltIn::row(oid::NUMRANGE, "numrange", Range(&NUMERIC), Some(&NUMRANGE_ARRAY), b',', true);
static NUMRANGE_ARRAY: BuiltIn =
    BuiltIn::row(oid::NUMRANGE_ARRAY, "numrange[]", Array(&NUMRANGE), None, b',', true);
static TSRANGE: BuiltIn =
    BuiltIn::row(oid::TSRANGE, "tsrange", Range(&TIMESTAMP), Some(&TSRANGE_ARRAY), b',', true);
static TSRANGE_ARRAY: BuiltIn =
    BuiltIn::row(oid::TSRANGE_ARRAY, "tsrange[]", Array(&TSRANGE), None, b',', true);
static TSTZRANGE: BuiltIn =
    BuiltIn::row(oid::TSTZRANGE, "tstzrange", Range(&TIMESTAMPTZ), Some(&TSTZRANGE_ARRAY), b',', true);
static TSTZRANGE_ARRAY: BuiltIn =
    BuiltIn::row(oid::TSTZRANGE_ARRAY, "tstzrange[]", Array(&TSTZRANGE), None, b',', true);
static DATERANGE: BuiltIn =
    BuiltIn::row(oid::DATERANGE, "daterange", Range(&DATE), Some(&DATERANGE_ARRAY), b',', true);
static DATERANGE_ARRAY: BuiltIn =
    BuiltIn::row(oid::DATERANGE_ARRAY, "daterange[]", Array(&DATERANGE), None, b',', true);
static INT8RANGE: BuiltIn =
    BuiltIn::row(oid::INT8RANGE, "int8range", Range(&INT8), Some(&INT8RANGE_ARRAY), b',', true);
static INT8RANGE_ARRAY: BuiltIn =
    BuiltIn::row(oid::INT8RANGE_ARRAY, "int8range[]", Array(&INT8RANGE), None, b',', true);
static JSONPATH: BuiltIn = BuiltIn::row(oid::JSONPATH, "jsonpath", Base, Some(&JSONPATH_ARRAY), b',', true);
static JSONPATH_ARRAY: BuiltIn =
    BuiltIn::row(oid::JSONPATH_ARRAY, "jsonpath[]", Array(&JSONPATH), None, b',', true);
static REGNAMESPACE: BuiltIn =
    BuiltIn::row(oid::REGNAMESPACE, "regnamespace", Base, Some(&REGNAMESPACE_ARRAY), b',', true);
static REGNAMESPACE_ARRAY: BuiltIn =
    BuiltIn::row(oid::REGNAMESPACE_ARRAY, "regnamespace[]", Array(&REGNAMESPACE), None, b',', true);
static REGROLE: BuiltIn = BuiltIn::row(oid::REGROLE, "regrole", Base, Some(&REGROLE_ARRAY), b',', true);
static REGROLE_ARRAY: BuiltIn =
    BuiltIn::row(oid::REGROLE_ARRAY, "regrole[]", Array(&REGROLE), None, b',', true);
static REGCOLLATION: BuiltIn =
    BuiltIn::row(oid::REGCOLLATION, "regcollation", Base, Some(&REGCOLLATION_ARRAY), b',', true);
static REGCOLLATION_ARRAY: BuiltIn =
    BuiltIn::row(oid::REGCOLLATION_ARRAY, "regcollation[]", Array(&REGCOLLATION), None, b',', true);
static INT4MULTIRANGE: BuiltIn = BuiltIn::row(
    oid::INT4MULTIRANGE,
    "int4multirange",
    Multirange(&INT4RANGE),
    Some(&INT4MULTIRANGE_ARRAY),
    b',',
    true,
);
static NUMMULTIRANGE: BuiltIn = BuiltIn::row(
    oid::NUMMULTIRANGE,
    "nummultirange",
    Multirange(&NUMRANGE),
    Some(&NUMMULTIRANGE_ARRAY),
    b',',
    true,
);
static TSMULTIRANGE: BuiltIn = BuiltIn::row(
    oid::TSMULTIRANGE,
    "tsmultirange",
    Multirange(&TSRANGE),
    Some(&TSMULTIRANGE_ARRAY),
    b',',
    true,
);
static TSTZMULTIRANGE: BuiltIn = BuiltIn::row(
    oid::TSTZMULTIRANGE,
    "tstzmultirange",
    Multirange(&TSTZRANGE),
    Some(&TSTZMULTIRANGE_ARRAY),
    b',',
    true,
);
static DATEMULTIRANGE: BuiltIn = BuiltIn::row(
    oid::DATEMULTIRANGE,
    "datemultirange",
    Multirange(&DATERANGE),
    Some(&DATEMULTIRANGE_ARRAY),
    b',',
    true,
);
static INT8MULTIRANGE: BuiltIn = BuiltIn::row(
    oid::INT8MULTIRANGE,
    "int8multirange",
    Multirange(&INT8RANGE),
    Some(&INT8MULTIRANGE_ARRAY),
    b',',
    true,
);
static ANYMULTIRANGE: BuiltIn = BuiltIn::row(oid::ANYMULTIRANGE, "anymultirange", Pseudo, None, b',', false);
static ANYCOMPATIBLEMULTIRANGE: BuiltIn =
    BuiltIn::row(oid::ANYCOMPATIBLEMULTIRANGE, "anycompatiblemultirange", Pseudo, None, b',', false);
static PG_BRIN_BLOOM_SUMMARY: BuiltIn =
    BuiltIn::row(oid::PG_BRIN_BLOOM_SUMMARY, "pg_brin_bloom_summary", Base, None, b',', true);
static PG_BRIN_MINMAX_MULTI_SUMMARY: BuiltIn =
    BuiltIn::row(oid::PG_BRIN_MINMAX_MULTI_SUMMARY, "pg_brin_minmax_multi_summary", Base, None, b',', true);
static PG_MCV_LIST: BuiltIn = BuiltIn::row(oid::PG_MCV_LIST, "pg_mcv_list", Base, None, b',', true);
static PG_SNAPSHOT: BuiltIn =
    BuiltIn::row(oid::PG_SNAPSHOT, "pg_snapshot", Base, Some(&PG_SNAPSHOT_ARRAY), b',', true);
static PG_SNAPSHOT_ARRAY: BuiltIn =
    BuiltIn::row(oid::PG_SNAPSHOT_ARRAY, "pg_snapshot[]", Array(&PG_SNAPSHOT), None, b',', true);
static XID8: BuiltIn = BuiltIn::row(oid::XID8, "xid8", Base, Some(&XID8_ARRAY), b',', true);
static ANYCOMPATIBLE: BuiltIn = BuiltIn::row(oid::ANYCOMPATIBLE, "anycompatible", Pseudo, None, b',', false);
static ANYCOMPATIBLEARRAY: BuiltIn =
    BuiltIn::row(oid::ANYCOMPATIBLEARRAY, "anycompatiblearray", Pseudo, None, b',', true);
static ANYCOMPATIBLENONARRAY: BuiltIn =
    BuiltIn::row(oid::ANYCOMPATIBLENONARRAY, "anycompatiblenonarray", Pseudo, None, b',', false);
static ANYCOMPATIBLERANGE: BuiltIn =
    BuiltIn::row(oid::ANYCOMPATIBLERANGE, "anycompatiblerange", Pseudo, None, b',', false);
static INT4MULTIRANGE_ARRAY: BuiltIn =
    BuiltIn::row(oid::INT4MULTIRANGE_ARRAY, "int4multirange[]", Array(&INT4MULTIRANGE), None, b',', true);
static NUMMULTIRANGE_ARRAY: BuiltIn =
    BuiltIn::row(oid::NUMMULTIRANGE_ARRAY, "nummultirange[]", Array(&NUMMULTIRANGE), None, b',', true);
static TSMULTIRANGE_ARRAY: BuiltIn =
    BuiltIn::row(oid::TSMULTIRANGE_ARRAY, "tsmultirange[]", Array(&TSMULTIRANGE), None, b',', true);
static TSTZMULTIRANGE_ARRAY: BuiltIn =
    BuiltIn::row(oid::TSTZMULTIRANGE_ARRAY, "tstzmultirange[]", Array(&TSTZMULTIRANGE), None, b',', true);
static DATEMULTIRANGE_ARRAY: BuiltIn =
    BuiltIn::row(oid::DATEMULTIRANGE_ARRAY, "datemultirange[]", Array(&DATEMULTIRANGE), None, b',', true);
static INT8MULTIRANGE_ARRAY: BuiltIn =
    BuiltIn::row(oid::INT8MULTIRANGE_ARRAY, "int8multirange[]", Array(&INT8MULTIRANGE), None, b',', true);
