/* The chunked coding (RFC 9112 section 7.1), decoded by its grammar and nothing looser: whatever else an intermediary
 * might read into the framing of a body is how requests are smuggled. */
#ifndef GRI_HTTP_CHUNKS_H
#define GRI_HTTP_CHUNKS_H

#include <griddle/limits.h>
#include <stdint.h>

#include "base/str.h"

struct gri_chunks {
    uint64_t left; /* of the present chunk: its size so far, then its data that has not come */
    size_t extension_bytes, trailer_bytes;
    char name[20]; /* of the present trailer field; one that is longer is none of the forbidden ones */
    uint8_t name_len;
    uint8_t digits; /* of the present size */
    uint8_t state;
};

void gri_chunks_init(struct gri_chunks *chunks);

/* Decodes up to the end of the next piece of data. *used: how many bytes were taken; *piece: a slice of `in`, empty at
 * the end of `in` or of the body. `most`: bytes of data that may still come. 0; 413: more are announced; 400. */
int gri_chunks_decode(struct gri_chunks *chunks, const gr_limits *limits, uint64_t most, struct gri_str in,
                      size_t *used, struct gri_str *piece);

/* Whether the body has ended, trailers and all. */
bool gri_chunks_complete(const struct gri_chunks *chunks);

#endif
