/* says: connect_db is no start hook: write int connect_db\(gr_app \*app, void \*state\), or the same with gr_co co first */
#include <griddle/co.h>

#include <griddle/app.h>

#ifdef MISTAKE
static int connect_db(gr_co co, void *state)
{
    (void)co;
    return state != NULL;
}
void add(gr_app *app);
void add(gr_app *app)
{
    (void)gr_app_on_start(app, connect_db); /* mistake */
#else
static int connect_db(gr_co co, gr_app *app, void *state)
{
    (void)co, (void)app;
    return state != NULL;
}
void add(gr_app *app);
void add(gr_app *app)
{
    (void)gr_app_on_start(app, connect_db);
#endif
}
