#include "fetch/transfer.h"

static bool is_done(const struct gri_transfer *transfer)
{
    return transfer->done;
}

int gr_fetch(gr_co co, gr_client *client, const gr_fetch_request *request, gr_response *response)
{
    struct gri_transfer transfer;
    *response = (gr_response){0};
    int rc = gri_transfer_begin(co, &transfer, client, request, false);
    if (rc == 0)
        rc = gri_transfer_wait(co, &transfer, is_done);
    if (rc == 0)
        rc = gri_transfer_result(&transfer);
    rc = gri_transfer_tell(&transfer, rc, response);
    gri_transfer_finish(&transfer);
    return rc;
}
