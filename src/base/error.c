#include <griddle/base.h>
#include <locale.h>
#include <string.h>

/* What the system, or libuv, says of a code that is not ours. */
static const char *of_the_system(int code)
{
#ifdef GRI_HAVE_STRERRORDESC_NP
    const char *text = code > -4096 ? strerrordesc_np(-code) : NULL;
#else
    const char *text = code > -4096 ? strerror_l(-code, newlocale(LC_ALL_MASK, "C", (locale_t)0)) : NULL;
#endif
    return text ? text : "unknown error";
}

const char *gr_strerror(int code)
{
    switch (code) {
    case 0:
        return "success";
    case GR_EAGAIN:
        return "not now";
    case GR_EBUSY:
        return "the thread pool is full";
    case GR_ECANCELED:
        return "cancelled";
    case GR_EDEADLK:
        return "a pool thread would wait for another one";
    case GR_EEXIST:
        return "exists already";
    case GR_EINVAL:
        return "invalid argument";
    case GR_EIO:
        return "input or output failed";
    case GR_EMSGSIZE:
        return "larger than the limit";
    case GR_ENOMEM:
        return "out of memory";
    case GR_EPIPE:
        return "the other side is gone";
    case GR_ETIMEDOUT:
        return "the deadline passed";
    default:
        return code > 0 ? "an HTTP status, recorded by gr_fail()" : of_the_system(code);
    }
}

const char *gr_version(void)
{
    return GR_VERSION;
}
