/* How many descriptors the process may have. Its limit is inherited, but what suits a server harms other programs: some
 * use select(), some close every number up to the limit. Process-wide. */
#ifndef GRI_IO_DESCRIPTOR_LIMIT_H
#define GRI_IO_DESCRIPTOR_LIMIT_H

#include <uv.h>

/* Raises the soft limit to the hard one, for this program. Before others run. */
void gri_descriptor_limit_raise(void);

/* uv_spawn() of a child that has the limit as it was before. Needs no descriptor in the child, which may have more of
 * them already than it may open: so the standard streams in `options` are UV_INHERIT_FD, each of its own number or
 * above 2. */
int gri_descriptor_limit_spawn(uv_loop_t *loop, uv_process_t *handle, const uv_process_options_t *options);

#endif
