/* says: no member named 'leeway'|'leeway' does not refer to any field */
#include <griddle/jwt.h>

int check(const gr_keys *keys, const char *token, json_t **claims);
int check(const gr_keys *keys, const char *token, json_t **claims)
{
#ifdef MISTAKE
    return gr_jwt_check(keys, token, GR_JWT_CHECK(.leeway = 10), claims); /* mistake */
#else
    return gr_jwt_check(keys, token, GR_JWT_CHECK(.leeway_s = 10), claims);
#endif
}
