/* says: close_db is no stop hook: write void close_db\(gr_app \*app, void \*state\), or the same with gr_co co first */
#include <griddle/co.h>

#include <griddle/app.h>

#ifdef MISTAKE
static int close_db(gr_app *app, void *state)
{
    (void)app;
    return state != NULL;
}
void add(gr_app *app);
void add(gr_app *app)
{
    (void)gr_app_on_stop(app, close_db); /* mistake */
#else
static void close_db(gr_app *app, void *state)
{
    (void)app, (void)state;
}
void add(gr_app *app);
void add(gr_app *app)
{
    (void)gr_app_on_stop(app, close_db);
#endif
}
