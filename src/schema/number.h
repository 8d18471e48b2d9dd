/* Floating point as text, both ways, in no locale's manner. */
#ifndef GRI_SCHEMA_NUMBER_H
#define GRI_SCHEMA_NUMBER_H

#include "base/buf.h"

/* The shortest text that reads back as the same value, laid out as Python's repr: 5.5, 100.0, 1e+16, 1e-05. A float is
 * the shortest that reads back as that float. False, and nothing written: NaN or infinity, which JSON does not have. */
bool gri_double_write(struct gri_buf *buf, double value);
bool gri_float_write(struct gri_buf *buf, float value);

/* The same digits without ".0" and without an exponent, as FastAPI's messages have them: 0, 3.5, 10000000000000000. */
void gri_double_write_plain(struct gri_buf *buf, double value);

/* Reads what pydantic takes for a float: white space around it, a sign, digits with single underscores between them,
 * an exponent; inf, infinity, nan in any case. Correctly rounded; out of range gives an infinity. False: no number. */
bool gri_double_read(const char *text, size_t len, double *value);

#endif
