#include "io/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/print.h"

/* What the public struct holds: it names no type of the system's, so that griddle.h does not bring them all along. */
union view {
    struct sockaddr any;
    struct sockaddr_in in;
    struct sockaddr_in6 in6;
    struct sockaddr_un un;
    struct sockaddr_storage storage;
};

_Static_assert(sizeof(union view) == sizeof(((gr_address *)0)->storage), "gr_address has room for every address");

static union view view(const gr_address *address)
{
    union view view = {.storage = {0}};
    memcpy(&view, address->storage, address->length);
    return view;
}

gr_address gri_address_of(const struct sockaddr *from, size_t length)
{
    gr_address address = {.length = (uint32_t)length};
    memcpy(address.storage, from, length);
    return address;
}

static const char *text_of_ip(const gr_address *address, char *text, size_t size)
{
    char ip[INET6_ADDRSTRLEN];
    union view own = view(address);
    bool v6 = own.any.sa_family == AF_INET6;
    inet_ntop(own.any.sa_family, v6 ? (const void *)&own.in6.sin6_addr : (const void *)&own.in.sin_addr, ip, sizeof ip);
    gri_snprintf(text, size, v6 ? "[%s]:%u" : "%s:%u", ip, gr_address_port(address));
    return text;
}

static const char *text_of_path(const gr_address *address, char *text, size_t size)
{
    union view own = view(address);
    size_t len = address->length - offsetof(struct sockaddr_un, sun_path);
    bool is_abstract = len > 0 && own.un.sun_path[0] == 0;
    if (!is_abstract)
        len = strnlen(own.un.sun_path, len);
    gri_snprintf(text, size, "%s%.*s", is_abstract ? "@" : "", (int)len - is_abstract, own.un.sun_path + is_abstract);
    return text;
}

const char *gr_address_text(const gr_address *address, char *text, size_t size)
{
    int family = view(address).any.sa_family; /* AF_UNSPEC where there is none */
    if (family == AF_INET || family == AF_INET6)
        return text_of_ip(address, text, size);
    if (family == AF_UNIX)
        return text_of_path(address, text, size);
    if (size)
        *text = 0;
    return text;
}

unsigned gr_address_port(const gr_address *address)
{
    union view own = view(address);
    if (own.any.sa_family == AF_INET)
        return ntohs(own.in.sin_port);
    return own.any.sa_family == AF_INET6 ? ntohs(own.in6.sin6_port) : 0;
}

void gri_address_set_port(gr_address *address, unsigned port)
{
    union view own = view(address);
    if (own.any.sa_family == AF_INET)
        own.in.sin_port = htons((uint16_t)port);
    else
        own.in6.sin6_port = htons((uint16_t)port);
    memcpy(address->storage, &own, address->length);
}

int gri_address_of_path(gr_address *address, const char *path)
{
    union view own = {.un = {.sun_family = AF_UNIX}};
    size_t len = strlen(path);
    *address = (gr_address){0};
    if (len == 0)
        return GR_EINVAL;
    if (len >= sizeof own.un.sun_path)
        return -ENAMETOOLONG;
    bool is_abstract = *path == '@';
    memcpy(own.un.sun_path + is_abstract, path + is_abstract, len - is_abstract);
    *address = gri_address_of(&own.any, offsetof(struct sockaddr_un, sun_path) + len + !is_abstract);
    return 0;
}

static gr_address address_ask(int fd, int (*name)(int, struct sockaddr *, socklen_t *))
{
    union view own = {.storage = {0}};
    socklen_t len = sizeof own;
    if (name(fd, &own.any, &len) < 0)
        len = 0;
    return gri_address_of(&own.any, len < sizeof own ? len : sizeof own);
}

gr_address gri_address_local(int fd)
{
    return address_ask(fd, getsockname);
}

gr_address gri_address_peer(int fd)
{
    return address_ask(fd, getpeername);
}

const struct sockaddr *gri_address_raw(const gr_address *address)
{
    return (const struct sockaddr *)(const void *)address->storage;
}

/* --- sockets --- */

int gri_address_socket(const gr_address *address, int type)
{
    int fd = socket(gri_address_raw(address)->sa_family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    return fd < 0 ? -errno : fd;
}

static int bind_to(int fd, const gr_address *address, int type)
{
    const int on = 1, off = 0;
    if (type == SOCK_STREAM) /* of UDP it would share the port */
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (gri_address_raw(address)->sa_family == AF_INET6)
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
    return bind(fd, gri_address_raw(address), address->length) < 0 ? -errno : 0;
}

int gri_address_bind(const gr_address *address, int type)
{
    int fd = gri_address_socket(address, type), rc = fd < 0 ? fd : bind_to(fd, address, type);
    if (rc == 0)
        return fd;
    if (fd >= 0)
        close(fd);
    return rc;
}
