#include "http/status.h"
#include "serve/req.h"

/* uvicorn's line: 127.0.0.1:50123 - "GET /items/1?q=x HTTP/1.1" 200 OK */
void gri_access_log(gr_req *req)
{
    const struct gri_head *head = &req->x.head;
    const char *host = gr_client_host(req), *colon = strchr(host, ':');
    const char *id = req->request_id;
    int status = req->x.status;
    gri_log(req->running->program.log, GRI_LOG_INFO, "%s%s%s:%d - \"%.*s %.*s HTTP/1.%u\" %d %s%s%s", colon ? "[" : "",
            host, colon ? "]" : "", req->x.peer.port, (int)head->method.len, head->method.at, (int)head->target.len,
            head->target.at, head->minor, status, gri_status_phrase(status), id ? " " : "", id ? id : "");
}
