/* The files of page/, as the build puts them into the program (see embed.py). */
#ifndef BURGERS_PAGE_H
#define BURGERS_PAGE_H

#include <stddef.h>

extern const unsigned char page_index_html[], page_story_css[], page_story_js[];
extern const size_t page_index_html_len, page_story_css_len, page_story_js_len;

#endif
