/* Addresses of sockets, and sockets made from them. */
#ifndef GRI_IO_ADDRESS_H
#define GRI_IO_ADDRESS_H

#include <griddle/net.h>
#include <sys/socket.h>

/* A copy of one of the system's; and one as the system wants it. */
gr_address gri_address_of(const struct sockaddr *from, size_t length);
const struct sockaddr *gri_address_raw(const gr_address *address);

void gri_address_set_port(gr_address *address, unsigned port);

/* Of a Unix socket. GR_EINVAL: empty; -ENAMETOOLONG. */
int gri_address_of_path(gr_address *address, const char *path);

/* Of a socket's own end, and of its peer's; `length` 0 where there is none. */
gr_address gri_address_local(int fd);
gr_address gri_address_peer(int fd);

/* gr_lookup() for one. */
int gri_lookup_first(gr_co co, const char *host, unsigned port, gr_address *address);

/* A new socket of the address's family, non-blocking; or a negative code. */
int gri_address_socket(const gr_address *address, int type);

/* The same, bound to the address, for TCP with SO_REUSEADDR. */
int gri_address_bind(const gr_address *address, int type);

#endif
