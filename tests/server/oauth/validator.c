/*
 * An OAuth validator for PostgreSQL 18: the token "t0ken" is anybody's. The PostgreSQL packages bring no headers, so
 * what such a module shares with its server is declared here. PostgreSQL documentation, chapter "OAuth Validator
 * Modules", and section "Version and Magic Block".
 */
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* Of the server. */
extern char *pstrdup(const char *text);

typedef struct
{
    int version, most_arguments, most_index_keys, name_length, doubles_by_value;
    char variant[32];
} Abi;

typedef struct
{
    int length;
    Abi abi;
    const char *name, *module_version;
} Magic;

const Magic *Pg_magic_func(void);

const Magic *Pg_magic_func(void)
{
    static const Magic magic = {sizeof(Magic), {1800, 100, 32, 64, 1, "PostgreSQL"}, NULL, NULL};
    return &magic;
}

typedef struct
{
    bool authorized;
    char *user;
} Result;

typedef struct
{
    uint32_t magic;
    void (*startup)(void *state);
    void (*shutdown)(void *state);
    bool (*validate)(const void *state, const char *token, const char *role, Result *result);
} Callbacks;

static bool validate(const void *state, const char *token, const char *role, Result *result)
{
    (void)state;
    result->authorized = strcmp(token, "t0ken") == 0;
    result->user = pstrdup(role);
    return true;
}

const Callbacks *_PG_oauth_validator_module_init(void);

const Callbacks *_PG_oauth_validator_module_init(void)
{
    static const Callbacks callbacks = {0x20250220, NULL, NULL, validate};
    return &callbacks;
}
