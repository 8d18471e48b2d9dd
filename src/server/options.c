#include "server/options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "base/ascii.h"
#include "base/log.h"
#include "base/print.h"
#include "co/stack_sizes.h"
#include "declare/app.h"

/* It costs a thread that wakes every few milliseconds: for those who develop. */
#if GRI_DEBUG
#define WATCHDOG_MS 100
#else
#define WATCHDOG_MS 0
#endif
#define DIGITS_OF_(number) #number
#define DIGITS_OF(number)  DIGITS_OF_(number)

/* The limits that the command line sets; all are in gr_limits, and in docs/limits.md. */
struct limit_option {
    const char *name, *placeholder, *doc;
    size_t offset; /* of a size_t or an int64_t: both are 64 bits, and no value here is negative */
    unsigned least;
};

#define LIMIT_FROM(least, name, placeholder, member, doc) \
    { \
        name, placeholder, doc, offsetof(gr_limits, member), least \
    }
#define LIMIT(...) LIMIT_FROM(1, __VA_ARGS__)
static const struct limit_option limit_options[] = {
    LIMIT("max-uri", "BYTES", uri_bytes, "of a request's target; 414 beyond"),
    LIMIT("max-head", "BYTES", head_bytes, "of request line and fields together; 431"),
    LIMIT("max-fields", "N", fields, "in a request; 431"),
    LIMIT("max-body", "BYTES", body_bytes, "of a request, where its operation has no limit of its own; 413"),
    LIMIT("max-connections", "N", connections, "of the process; more wait to be accepted"),
    LIMIT("max-address-connections", "N", address_connections, "of one client address; more are closed"),
    LIMIT("head-ms", "MS", head_ms, "for a whole head; 408"),
    LIMIT("body-ms", "MS", body_ms, "between two pieces of a body; 408"),
    LIMIT("keep-alive-ms", "MS", keep_alive_ms, "between two requests; closed"),
    LIMIT("write-ms", "MS", write_ms, "without the client taking a byte; reset"),
    LIMIT("least-rate", "BYTES", least_rate, "a second, of bodies and replies on average"),
    LIMIT_FROM(0, "pattern-steps", "N", pattern_steps,
               "to match the patterns of a request's members; 422; 0: no limit"),
    LIMIT_FROM(0, "handler-ms", "MS", handler_ms, "for an operation's reply; 504; 0: no limit"),
};
#undef LIMIT
#undef LIMIT_FROM
enum { N_LIMITS = sizeof limit_options / sizeof limit_options[0] };

enum {
    OPT_HOST = 256,
    OPT_PORT,
    OPT_THREADS,
    OPT_QUEUE,
    OPT_STACK,
    OPT_LOG_LEVEL,
    OPT_ACCESS,
    OPT_NO_ACCESS,
    OPT_STOP,
    OPT_WATCHDOG,
    OPT_ROOT_PATH,
    OPT_OPENAPI,
    OPT_ROUTES,
    OPT_HELP,
    OPT_VERSION,
    OPT_LIMIT,
    OPT_APPLICATION = OPT_LIMIT + N_LIMITS
};

struct options_described {
    struct option option;
    const char *placeholder, *doc;
};

static const struct options_described options_own[] = {
    {{"host", required_argument, NULL, OPT_HOST}, "ADDRESS", "listen on this address (127.0.0.1)"},
    {{"port", required_argument, NULL, OPT_PORT}, "N", "listen on this port; 0 takes a free one (8000)"},
    {{"threads", required_argument, NULL, OPT_THREADS}, "N", "run blocking handlers on at most N threads (40)"},
    {{"queue", required_argument, NULL, OPT_QUEUE}, "N", "let at most N blocking requests wait; then 503 (1024)"},
    {{"stack-bytes", required_argument, NULL, OPT_STACK}, "BYTES", "of a coroutine's stack, at least (65536)"},
    {{"log-level", required_argument, NULL, OPT_LOG_LEVEL},
     "LEVEL",
     "debug, info, warning, error, critical or off (info)"},
    {{"access-log", no_argument, NULL, OPT_ACCESS}, NULL, "log each request (the default)"},
    {{"no-access-log", no_argument, NULL, OPT_NO_ACCESS}, NULL, "do not"},
    {{"stop-ms", required_argument, NULL, OPT_STOP}, "MS", "at a signal let requests run for MS, then cancel (10000)"},
    {{"watchdog-ms", required_argument, NULL, OPT_WATCHDOG},
     "MS",
     "name the coroutine that holds the loop for MS; 0: do not (" DIGITS_OF(WATCHDOG_MS) ")"},
    {{"root-path", required_argument, NULL, OPT_ROOT_PATH},
     "PREFIX",
     "the path below which a proxy serves all of this"},
    {{"openapi", no_argument, NULL, OPT_OPENAPI}, NULL, "print the OpenAPI document and exit"},
    {{"routes", no_argument, NULL, OPT_ROUTES}, NULL, "print a table of the operations and exit"},
    {{"help", no_argument, NULL, OPT_HELP}, NULL, "print this text and exit"},
    {{"version", no_argument, NULL, OPT_VERSION}, NULL, "print the version and exit"},
};
enum { N_OWN = sizeof options_own / sizeof options_own[0] };

static void print_option(const char *name, const char *placeholder, const char *doc)
{
    char left[64];
    gri_snprintf(left, sizeof left, "--%s%s%s", name, placeholder ? " " : "", placeholder ? placeholder : "");
    gri_fprintf(stdout, "  %-31s  %s\n", left, doc ? doc : "");
}

static void print_limits(const gr_limits *limits)
{
    for (size_t i = 0; i < N_LIMITS; i++) {
        char doc[128];
        size_t value;
        memcpy(&value, (const char *)limits + limit_options[i].offset, sizeof value);
        gri_snprintf(doc, sizeof doc, "%s (%zu)", limit_options[i].doc, value);
        print_option(limit_options[i].name, limit_options[i].placeholder, doc);
    }
}

static void print_help(const gr_app *app, const char *program)
{
    const struct gri_option *options = app->options.items;
    gri_fprintf(stdout, "Usage: %s [OPTIONS]\n%s %s: serves HTTP until SIGINT or SIGTERM.\n\n", program, app->title,
                app->version);
    for (size_t i = 0; i < app->options.n; i++)
        print_option(options[i].name, options[i].placeholder, options[i].doc);
    if (app->options.n)
        gri_fprintf(stdout, "\n");
    for (size_t i = 0; i < N_OWN; i++)
        print_option(options_own[i].option.name, options_own[i].placeholder, options_own[i].doc);
    gri_fprintf(stdout, "\n");
    print_limits(&app->limits);
}

static enum gri_command wrong(const char *program, const char *option, const char *value, const char *expected)
{
    gri_fprintf(stderr, "%s: --%s: \"%s\" is not %s\n", program, option, value, expected);
    return GRI_COMMAND_WRONG;
}

/* Digits only: no sign, no space, no rest. */
static bool parse_number(const char *text, unsigned least, unsigned most, unsigned *number)
{
    const char *at = text;
    uint64_t value = gri_take_number(&at, 10);
    *number = (unsigned)value;
    return at > text && at - text <= 9 && !*at && value >= least && value <= most;
}

static enum gri_command options_set_number(const char *program, int id, gr_server_options *options)
{
    unsigned number = 0;
    switch (id) {
    case OPT_PORT:
        if (!parse_number(optarg, 0, 65535, &number))
            return wrong(program, "port", optarg, "a port, 0 to 65535");
        options->port = (int)number;
        break;
    case OPT_THREADS:
        if (!parse_number(optarg, 1, 1024, &options->threads))
            return wrong(program, "threads", optarg, "a number of threads, 1 to 1024");
        break;
    case OPT_WATCHDOG:
        if (!parse_number(optarg, 0, 999999999, &number))
            return wrong(program, "watchdog-ms", optarg, "a time in milliseconds, or 0");
        options->watchdog_ms = number;
        break;
    case OPT_STOP:
        if (!parse_number(optarg, 1, 999999999, &number))
            return wrong(program, "stop-ms", optarg, "a time in milliseconds, at least 1");
        options->stop_timeout_ms = number;
        break;
    case OPT_STACK:
        if (!parse_number(optarg, GRI_STACK_LEAST, GRI_STACK_MOST, &number))
            return wrong(program, "stack-bytes", optarg, "a size in bytes, 32768 to 67108864");
        options->stack_bytes = number;
        break;
    default:
        if (!parse_number(optarg, 1, 1000000, &options->queue))
            return wrong(program, "queue", optarg, "a length, 1 to 1000000");
    }
    return GRI_COMMAND_SERVE;
}

static enum gri_command set_limit(const char *program, size_t i, gr_limits *limits)
{
    unsigned number, least = limit_options[i].least;
    if (!parse_number(optarg, least, 999999999, &number))
        return wrong(program, limit_options[i].name, optarg,
                     least ? "a number, 1 to 999999999" : "a number, 0 to 999999999");
    size_t value = number;
    memcpy((char *)limits + limit_options[i].offset, &value, sizeof value);
    return GRI_COMMAND_SERVE;
}

static enum gri_command set_host(const char *program, gr_server_options *options)
{
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
    options->host = optarg;
    if (strcmp(optarg, "localhost") == 0 || uv_ip4_addr(optarg, 0, &v4) == 0 || uv_ip6_addr(optarg, 0, &v6) == 0)
        return GRI_COMMAND_SERVE;
    return wrong(program, "host", optarg, "an address, like 127.0.0.1 or ::1");
}

bool gri_root_path_take(const char **root_path)
{
    const char *path = *root_path;
    if (path && strcmp(path, "/") == 0)
        *root_path = "";
    if (!path || !**root_path)
        return true;
    return path[0] == '/' && path[strlen(path) - 1] != '/' && !path[strspn(path, GRI_PLAIN_PATH)];
}

static enum gri_command set_root_path(const char *program, gr_server_options *options)
{
    options->root_path = optarg;
    if (gri_root_path_take(&options->root_path))
        return GRI_COMMAND_SERVE;
    return wrong(program, "root-path", optarg,
                 "a path that begins with '/', does not end with it, and needs no escape");
}

static enum gri_command set_log_level(const char *program, gr_server_options *options)
{
    enum gri_log_level level;
    options->log_level = optarg;
    if (gri_log_level_parse(optarg, &level) == 0)
        return GRI_COMMAND_SERVE;
    return wrong(program, "log-level", optarg, "one of debug, info, warning, error, critical, off");
}

static enum gri_command print_version(const gr_app *app)
{
    gri_fprintf(stdout, "%s %s (griddle %s)\n", app->title, app->version, gr_version());
    return GRI_COMMAND_DONE;
}

/* getopt_long() would say it in the language of the locale. */
static enum gri_command not_an_option(int id, char **argv)
{
    const char *why = id == ':'            ? "needs a value"
                      : optopt >= OPT_HOST ? "takes no value"
                                           : "is none, or the beginning of several";
    gri_fprintf(stderr, "%s: the option \"%s\" %s\nTry \"%s --help\".\n", argv[0], argv[optind - 1], why, argv[0]);
    return GRI_COMMAND_WRONG;
}

static enum gri_command options_take(int id, gr_server_options *options, gr_limits *limits, gr_app *app, char **argv)
{
    const struct gri_option *own_options = app->options.items;
    switch (id) {
    case OPT_HOST:
        return set_host(argv[0], options);
    case OPT_LOG_LEVEL:
        return set_log_level(argv[0], options);
    case OPT_ACCESS:
    case OPT_NO_ACCESS:
        options->access_log = id == OPT_ACCESS;
        return GRI_COMMAND_SERVE;
    case OPT_ROOT_PATH:
        return set_root_path(argv[0], options);
    case OPT_OPENAPI:
        return GRI_COMMAND_OPENAPI;
    case OPT_ROUTES:
        return GRI_COMMAND_ROUTES;
    case OPT_HELP:
        print_help(app, argv[0]);
        return GRI_COMMAND_DONE;
    case OPT_VERSION:
        return print_version(app);
    case ':':
    case '?':
        return not_an_option(id, argv);
    default:
        if (id < OPT_LIMIT)
            return options_set_number(argv[0], id, options);
        if (id < OPT_APPLICATION)
            return set_limit(argv[0], (size_t)(id - OPT_LIMIT), limits);
        *own_options[id - OPT_APPLICATION].value = optarg;
        return GRI_COMMAND_SERVE;
    }
}

static struct option *option_table(const gr_app *app)
{
    const struct gri_option *options = app->options.items;
    struct option *table = calloc(N_OWN + N_LIMITS + app->options.n + 1, sizeof *table), *at = table;
    if (!table)
        return NULL;
    for (size_t i = 0; i < N_OWN; i++)
        *at++ = options_own[i].option;
    for (size_t i = 0; i < N_LIMITS; i++)
        *at++ = (struct option){limit_options[i].name, required_argument, NULL, OPT_LIMIT + (int)i};
    for (size_t i = 0; i < app->options.n; i++)
        *at++ = (struct option){options[i].name, required_argument, NULL, OPT_APPLICATION + (int)i};
    return table;
}

/* getopt_long() would take the first of two that share a name, and leave the application's unset. */
static bool has_own_name(const struct option *table, const gr_app *app, const char *program)
{
    const struct gri_option *options = app->options.items;
    for (size_t i = 0; i < app->options.n; i++)
        for (size_t j = 0; j < N_OWN + N_LIMITS; j++)
            if (strcmp(table[j].name, options[i].name) == 0) {
                gri_fprintf(stderr, "%s: --%s is the server's own: the application needs another name for it\n",
                            program, options[i].name);
                return true;
            }
    return false;
}

/* --help and --version are answered at once; what else is printed may depend on the options behind. */
static bool is_last(enum gri_command command)
{
    return command == GRI_COMMAND_DONE || command == GRI_COMMAND_WRONG;
}

enum gri_command gri_options_parse(gr_server_options *options, gr_limits *limits, gr_app *app, int argc, char **argv)
{
    struct option *table = option_table(app);
    bool usable = table && !has_own_name(table, app, argv[0]);
    enum gri_command command = usable ? GRI_COMMAND_SERVE : GRI_COMMAND_WRONG;
    int id;
    *options = (gr_server_options){.size = sizeof *options, .port = 8000, .log_level = "info", .access_log = true};
    *limits = app->limits;
    options->watchdog_ms = WATCHDOG_MS;
    options->limits = limits;
    optind = 0; /* also forgets where in an option an earlier call ended */
    opterr = 0;
    while (!is_last(command) && (id = getopt_long(argc, argv, ":", table, NULL)) != -1) {
        enum gri_command next = options_take(id, options, limits, app, argv);
        command = next == GRI_COMMAND_SERVE ? command : next;
    }
    free(table);
    if (!is_last(command) && optind < argc) {
        gri_fprintf(stderr, "%s: what is \"%s\"? Try \"%s --help\".\n", argv[0], argv[optind], argv[0]);
        return GRI_COMMAND_WRONG;
    }
    return command;
}
