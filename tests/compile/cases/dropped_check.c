/* flags: -Wall -Werror */
/* says: ignoring return value */
#include <griddle/jwt.h>

int check(const gr_keys *keys, const char *token, json_t **claims);
int check(const gr_keys *keys, const char *token, json_t **claims)
{
#ifdef MISTAKE
    gr_jwt_check(keys, token, NULL, claims); /* mistake */
    return 0;
#else
    return gr_jwt_check(keys, token, NULL, claims);
#endif
}
