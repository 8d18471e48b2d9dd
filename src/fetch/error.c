#include "fetch/transfer.h"

/* The system's own word, where there is one. */
static int connect_error(CURL *easy)
{
    long os_errno = 0;
    curl_easy_getinfo(easy, CURLINFO_OS_ERRNO, &os_errno);
    return os_errno > 0 ? -(int)os_errno : -ECONNREFUSED;
}

CURLcode gri_fetch_first_error(const CURLcode *codes, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (codes[i] != CURLE_OK)
            return codes[i];
    return CURLE_OK;
}

int gri_fetch_code(CURL *easy, CURLcode code)
{
    switch (code) {
    case CURLE_OK:
        return 0;
    case CURLE_OUT_OF_MEMORY:
        return GR_ENOMEM;
    case CURLE_OPERATION_TIMEDOUT:
        return GR_ETIMEDOUT;
    case CURLE_URL_MALFORMAT:
    case CURLE_BAD_FUNCTION_ARGUMENT:
        return GR_EINVAL;
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
        return -EHOSTUNREACH;
    case CURLE_COULDNT_CONNECT:
        return connect_error(easy);
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
        return -ECONNRESET;
    case CURLE_SEND_FAIL_REWIND:
        return GR_EPIPE;
    case CURLE_TOO_MANY_REDIRECTS:
        return -ELOOP;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_INVALIDCERTSTATUS:
    case CURLE_SSL_ISSUER_ERROR:
        return -EACCES;
    case CURLE_UNSUPPORTED_PROTOCOL: /* of a redirect, or HTTP/0.9 */
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_BAD_CONTENT_ENCODING:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
    case CURLE_SSL_CONNECT_ERROR:
        return -EPROTO;
    default:
        return GR_EIO;
    }
}
