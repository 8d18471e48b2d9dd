/* What a test's client keeps. */
#include <stdlib.h>

#include "server/test_client.h"

/* Its target becomes what stands before all others: without a slash at its end. */
static int place_init_base(struct gri_url_place *base, const char *url)
{
    int rc = gri_url_place_init(base, url);
    if (rc) {
        gri_url_place_finish(base);
        return rc;
    }
    size_t n = strcspn(base->target, "?");
    while (n > 0 && base->target[n - 1] == '/')
        n--;
    base->target[n] = '\0';
    return 0;
}

bool gri_test_client_init(struct gri_test_client *client)
{
    *client = (struct gri_test_client){.base = {0}};
    return place_init_base(&client->base, "http://testserver/") == 0;
}

static void drop_header(struct gri_list *headers, size_t i)
{
    char **all = headers->items;
    free(all[i]);
    memmove(&all[i], &all[i + 1], (--headers->n - i) * sizeof *all);
}

void gri_test_client_finish(struct gri_test_client *client)
{
    while (client->headers.n)
        drop_header(&client->headers, client->headers.n - 1);
    gri_list_finish(&client->headers);
    gri_jar_empty(&client->jar);
    gri_url_place_finish(&client->base);
}

int gri_test_client_set_header(struct gri_test_client *client, const char *name, const char *value)
{
    struct gri_list *headers = &client->headers;
    size_t n = strlen(name) + 1, len = value ? strlen(value) + 1 : 0;
    char *header = value ? malloc(n + len) : NULL, **place;
    for (size_t i = 0; i < headers->n; i++)
        if (gri_str_is_nocase(gri_str_from(((char **)headers->items)[i]), gri_str_from(name)))
            drop_header(headers, i--);
    if (!value)
        return 0;
    place = header ? gri_list_add(headers, sizeof *place) : NULL;
    if (!place) {
        free(header);
        return GR_ENOMEM;
    }
    memcpy(header, name, n);
    memcpy(header + n, value, len);
    *place = header;
    return 0;
}

int gri_test_client_set_base(struct gri_test_client *client, const char *url)
{
    struct gri_url_place base;
    int rc = place_init_base(&base, url);
    if (rc)
        return rc;
    gri_url_place_finish(&client->base);
    client->base = base;
    return 0;
}
