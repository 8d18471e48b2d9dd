#include "security/jose.h"

static void say_nothing(void *misc, const char *file, int line, uint64_t code, const char *fmt, va_list args)
{
    (void)misc, (void)file, (void)line, (void)code, (void)fmt, (void)args;
}

jose_cfg_t *gri_jose_begin(void)
{
    jose_cfg_t *cfg = jose_cfg();
    if (cfg)
        jose_cfg_set_err_func(cfg, say_nothing, NULL);
    return cfg;
}

void gri_jose_end(jose_cfg_t *cfg)
{
    if (cfg)
        jose_cfg_decref(cfg);
}
