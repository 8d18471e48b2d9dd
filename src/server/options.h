/* The command line of gr_main(). */
#ifndef GRI_SERVER_OPTIONS_H
#define GRI_SERVER_OPTIONS_H

#include <griddle/server.h>

enum gri_command {
    GRI_COMMAND_SERVE,
    GRI_COMMAND_OPENAPI, /* the document is to be printed */
    GRI_COMMAND_ROUTES,  /* the table of operations */
    GRI_COMMAND_DONE,    /* --help or --version has printed */
    GRI_COMMAND_WRONG    /* a mistake was reported on standard error: exit status 2 */
};

/* Whether it is a path that an application may be served below; "/" becomes "". NULL is left as it is. */
bool gri_root_path_take(const char **root_path);

/* Fills *options (all borrowed from argv), *limits, and the application's own ones. */
enum gri_command gri_options_parse(gr_server_options *options, gr_limits *limits, gr_app *app, int argc, char **argv);

#endif
