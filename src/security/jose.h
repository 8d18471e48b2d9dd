/* libjose, of which each call wants an object that says where its complaints go: nowhere, since they speak of keys. */
#ifndef GRI_SECURITY_JOSE_H
#define GRI_SECURITY_JOSE_H

#include <jose/cfg.h>

/* New, for jose_cfg_decref(). NULL: out of memory. One thread's: it counts its references without a lock. */
jose_cfg_t *gri_jose_begin(void);

/* NULL is allowed. */
void gri_jose_end(jose_cfg_t *cfg);

#endif
