/* Bytes of strangers in a line for an operator. */
#ifndef GRI_BASE_ESCAPE_H
#define GRI_BASE_ESCAPE_H

#include "base/str.h"

/* Writes `text` so that it can neither end the line, nor the quotes around it, nor move a terminal's cursor: \xNN for
 * control bytes, DEL, '"', '\' and what is no ASCII, as nginx has it. At most `room` bytes, at least 4, with "..." at
 * the end where there is more. Returns how many; no NUL follows. Any thread, and signal handlers. */
size_t gri_escape(char *out, size_t room, struct gri_str text);

#endif
