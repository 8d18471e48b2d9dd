/* A transport carries bytes: TCP, or memory in tests. It knows nothing of HTTP. */
#ifndef GRI_HTTP_TRANSPORT_H
#define GRI_HTTP_TRANSPORT_H

#include <stdbool.h>
#include <uv.h>

struct gri_conn;
struct gri_transport;

/* A peer's address in the least space; family 0: it has none. */
struct gri_peer {
    uint8_t address[16];
    uint16_t port;
    uint8_t family; /* 4 or 6 */
};

/* One write that the transport could not take at once. The connection's memory; `bytes` stay until gri_conn_wrote(). */
struct gri_write {
    uv_write_t uv;
    struct gri_write *next;
    struct gri_transport *transport;
    uv_buf_t bytes;
    char copy[];
};

/* The transport calls gri_conn_alloc, _received, _wrote and _closed. All on the loop's thread. */
struct gri_transport_ops {
    void (*read)(struct gri_transport *, bool on);
    /* Bytes taken without waiting, possibly 0; negative: broken. */
    ssize_t (*try_write)(struct gri_transport *, const uv_buf_t *bufs, unsigned n);
    /* Takes write->bytes in order; gri_conn_wrote() follows, later, also when the transport is closed. */
    int (*write)(struct gri_transport *, struct gri_write *write);
    size_t (*unsent)(struct gri_transport *);  /* what the client has not taken yet, FIN too */
    bool (*is_broken)(struct gri_transport *); /* nobody will take it: the client has sent RST */
    void (*shutdown)(struct gri_transport *);  /* sends FIN; nothing is being written */
    /* By RST, or quietly: what the client has not taken yet it still gets. gri_conn_closed() follows, later; then the
     * memory goes. */
    void (*close)(struct gri_transport *, bool reset);
};

struct gri_transport {
    const struct gri_transport_ops *ops;
    struct gri_conn *conn;
    struct gri_peer peer;
};

#endif
