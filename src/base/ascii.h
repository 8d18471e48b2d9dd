/* The characters of ASCII, the same in every locale: C's own isdigit(), tolower() and strcasecmp() ask the thread's. */
#ifndef GRI_BASE_ASCII_H
#define GRI_BASE_ASCII_H

#include <stdbool.h>
#include <stdint.h>

static inline bool gri_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static inline bool gri_is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

static inline bool gri_is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static inline bool gri_is_alpha(char c)
{
    return gri_is_lower((char)(c | 0x20));
}

static inline bool gri_is_alnum(char c)
{
    return gri_is_alpha(c) || gri_is_digit(c);
}

/* Space, tab, line feed, vertical tab, form feed, carriage return: what is stripped around a number that is text. */
static inline bool gri_is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static inline char gri_lower(char c)
{
    return gri_is_upper(c) ? (char)(c | 0x20) : c;
}

static inline char gri_upper(char c)
{
    return gri_is_lower(c) ? (char)(c & ~0x20) : c;
}

/* 0 to 15, or -1: no hexadecimal digit, of either case. */
static inline int gri_hex_value(char c)
{
    if (gri_is_digit(c))
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The digits at *at, of base 10 or 16, which is moved behind them; no digit is 0, more than 64 bits the largest number.
 */
static inline uint64_t gri_take_number(const char **at, unsigned base)
{
    uint64_t number = 0;
    for (int digit; (digit = gri_hex_value(**at)) >= 0 && (unsigned)digit < base; ++*at)
        number = number > (UINT64_MAX - (unsigned)digit) / base ? UINT64_MAX : number * base + (unsigned)digit;
    return number;
}

#endif
