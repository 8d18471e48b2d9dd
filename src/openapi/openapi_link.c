#include "openapi/openapi.h"

void gri_spec_link(struct gri_spec *spec, json_t *object, const char *key, const gr_link *link)
{
    if (!link->url)
        return;
    json_t *value = gri_doc_object(&spec->doc);
    gri_doc_set_text(&spec->doc, value, "description", link->description);
    gri_doc_set_text(&spec->doc, value, "url", link->url);
    gri_doc_set(&spec->doc, object, key, value);
}
