#include <griddle/limits.h>

void gr_limits_init(gr_limits *limits)
{
    *limits = (gr_limits){
        .size = sizeof *limits,
        .uri_bytes = 8192,
        .head_bytes = 16384,
        .fields = 100,
        .body_bytes = 1 << 18,
        .extension_bytes = 4096,
        .trailer_bytes = 8192,
        .input_bytes = 65536,
        .drain_bytes = 65536,
        .connections = 65536,
        .address_connections = 65536,
        .zombies = 1000,
        .head_ms = 10000,
        .body_ms = 10000,
        .keep_alive_ms = 5000,
        .write_ms = 30000,
        .least_rate = 500,
        .linger_ms = 2000,
        .handler_ms = 0,
        .linger_bytes = 64 << 20,
        .linger_most_ms = 30000,
        .pattern_steps = 400000,
    };
}
