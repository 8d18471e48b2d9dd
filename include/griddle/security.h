/* Griddle: keys, tokens, passwords, sealed values.
 *
 * A library of its own, griddle-security (pkg-config griddle-security), on libjose and libsodium; not part of
 * griddle.h, whose gr_secret_equal() needs neither. */
#ifndef GRIDDLE_SECURITY_H
#define GRIDDLE_SECURITY_H

#include <griddle/jwt.h>
#include <griddle/keys.h>
#include <griddle/password.h>
#include <griddle/seal.h>
#include <griddle/token.h>

#endif
