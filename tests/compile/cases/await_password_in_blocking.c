/* says: incompatible type for argument 1 of 'gr_password_check'|to parameter of incompatible type 'gr_co' */
#include <griddle/password.h>
#include <griddle/route.h>

void serve(const gr_route *route);

gr_passwords *passwords(gr_req *req);

#ifdef MISTAKE
static gr_reply root(gr_req *req)
{
    int rc = gr_password_check(req, passwords(req), NULL, "x"); /* mistake */
    return gr_failed(req, rc);
}
#else
static gr_reply root(gr_req *req)
{
    int rc = gr_password_check_blocking(passwords(req), NULL, "x");
    return gr_failed(req, rc);
}
#endif
GR_GET("/", root);

void main_(void);
void main_(void)
{
    serve(&root_route);
}
