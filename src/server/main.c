#include <errno.h>
#include <fcntl.h>
#include <griddle/json.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <griddle/debug.h>

#include "base/print.h"
#include "io/descriptor_limit.h"
#include "server/options.h"
#include "server/routes.h"
#include "server/server.h"

/* A signal handler gets no argument, so this is the one place where the process knows its server. */
static gr_server *volatile signalled;
static volatile sig_atomic_t n_signals;

static void on_main_signal(int number)
{
    gr_server *server = signalled;
    n_signals = n_signals + 1;
    if (n_signals > 1)
        _exit(128 + number);
    if (server)
        gr_server_stop(server);
}

static void on_print(int number)
{
    gr_server *server = signalled;
    (void)number;
    if (server)
        gri_server_print_tasks(server);
}

/* Before anything of the application runs, since what that takes by gr_signals_open() goes on top of these. They may
 * come at the end of a coroutine's stack. */
static void catch_signals(void)
{
    struct sigaction stop = {.sa_handler = on_main_signal, .sa_flags = SA_RESTART | SA_ONSTACK};
    struct sigaction print = {.sa_handler = on_print, .sa_flags = SA_RESTART | SA_ONSTACK};
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    sigaction(SIGINT, &stop, NULL);
    sigaction(SIGTERM, &stop, NULL);
    sigaction(SIGUSR1, &print, NULL);
    sigaction(SIGPIPE, &ignore, NULL);
}

static void let_signals_pass(gr_server *server)
{
    (void)server;
    signalled = NULL;
}

/* From here on, so that a start hook that awaits is cancelled. One that came before is not forgotten. */
static void let_signals_stop(gr_server *server)
{
    gri_server_leaves_when_asked_again(server);
    signalled = server;
    if (n_signals > 0)
        gr_server_stop(server);
}

/* Whatever is opened first would be taken for the missing ones: a socket that every message goes to, or one that libuv
 * does not close. */
static void open_missing_streams(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0 && errno == EBADF && open("/dev/null", O_RDWR) < 0)
            return;
}

static void log_start(gr_server *server, const gr_server_options *options)
{
    const struct gri_engine *engine = gri_server_engine(server);
    const char *host = options->host ? options->host : "127.0.0.1";
    bool v6 = strchr(host, ':') != NULL;
    gri_routes_log(&engine->running, &engine->log);
    gri_log(&engine->log, GRI_LOG_INFO, "%s running on http://%s%s%s:%d (Press CTRL+C to quit)",
            engine->running.program.app->title, v6 ? "[" : "", host, v6 ? "]" : "", gr_server_port(server));
}

static int report_failed_start(const char *program, const gr_server_options *options, int rc,
                               const struct gri_starting *starting)
{
    const char *host = options->host ? options->host : "127.0.0.1";
    if (starting->hook_failed)
        gri_fprintf(stderr, "%s: the application did not start\n", program);
    else if (rc == UV_EADDRINUSE)
        gri_fprintf(stderr, "%s: port %d of %s is taken: choose another with --port\n", program, options->port, host);
    else if (rc == UV_EACCES)
        gri_fprintf(stderr, "%s: not allowed to listen on port %d: choose one above 1023 with --port\n", program,
                    options->port);
    else if (rc == UV_EADDRNOTAVAIL)
        gri_fprintf(stderr, "%s: \"%s\" is no address of this machine\n", program, host);
    else if (rc == GR_EINVAL)
        gri_fprintf(stderr, "%s: the application has the mistakes above\n", program);
    else
        gri_fprintf(stderr, "%s: cannot start: %s\n", program, uv_strerror(rc));
    return 1;
}

static int main_serve(gr_app *app, const char *program, const gr_server_options *options)
{
    gr_server *server;
    gri_descriptor_limit_raise(); /* as Go does: the low default is for programs that use select() */
    n_signals = 0;                /* of an earlier call */
    catch_signals();
    gr_report_crashes();
    struct gri_starting starting = {.begun = let_signals_stop, .ended = let_signals_pass};
    int rc = gri_server_start(&server, app, options, NULL, &starting);
    if (rc == GR_ECANCELED && n_signals > 0 && !starting.hook_failed)
        return 0;
    if (rc)
        return report_failed_start(program, options, rc, &starting);
    log_start(server, options);
    rc = gr_server_run(server);
    if (rc) {
        gri_log(&gri_server_engine(server)->log, GRI_LOG_ERROR,
                "what is named above did not come back by the deadline: leaving without it");
        _exit(1);
    }
    signalled = NULL; /* the handlers stay */
    gr_server_destroy(server);
    return 0;
}

static int print_openapi(const gr_app *app, const char *program, const char *root_path)
{
    json_t *document;
    int rc = gri_app_openapi(app, root_path, &document);
    if (rc == GR_EINVAL)
        gri_fprintf(stderr, "%s: the application has the mistakes above\n", program);
    char *text = NULL;
    if (rc == 0)
        rc = gr_json_write(document, 2, &text, NULL);
    json_decref(document);
    if (text)
        puts(text);
    else if (rc != GR_EINVAL)
        gri_fprintf(stderr, "%s: cannot make the document: %s\n", program, gr_strerror(rc ? rc : GR_ENOMEM));
    bool written = text && fflush(stdout) == 0;
    free(text);
    return written ? 0 : 1;
}

/* Of what would be served, and so checked as that is. */
static int print_routes(const gr_app *app, const char *program, const char *root_path)
{
    struct gri_log log = {.level = GRI_LOG_WARNING, .fd = STDERR_FILENO};
    struct gri_running running = {.n_mounts = 0};
    int rc = gri_applications_compile(&running, app, NULL, root_path, &log);
    if (rc == GR_EINVAL)
        gri_fprintf(stderr, "%s: the application has the mistakes above\n", program);
    else if (rc)
        gri_fprintf(stderr, "%s: cannot start: %s\n", program, gr_strerror(rc));
    rc = rc ? rc : gri_routes_print(&running, stdout);
    gri_applications_finish(&running);
    return rc ? 1 : 0;
}

static int main_run(gr_app *app, char **argv, enum gri_command command, const gr_server_options *options)
{
    switch (command) {
    case GRI_COMMAND_SERVE:
        return main_serve(app, argv[0], options);
    case GRI_COMMAND_OPENAPI:
        return print_openapi(app, argv[0], options->root_path);
    case GRI_COMMAND_ROUTES:
        return print_routes(app, argv[0], options->root_path);
    default:
        return command == GRI_COMMAND_DONE ? 0 : 2;
    }
}

int gr_main(gr_app *app, int argc, char **argv)
{
    gr_server_options options;
    gr_limits limits;
    open_missing_streams();
    if (!app) {
        gri_fprintf(stderr, "%s: out of memory\n", argv[0]);
        return 1;
    }
    enum gri_command command = gri_options_parse(&options, &limits, app, argc, argv);
    int status = main_run(app, argv, command, &options);
    gr_app_destroy(app);
    return status;
}
