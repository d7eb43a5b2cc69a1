/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/pool/pool.h"

G_BEGIN_DECLS

#define ISS_POOL_FIXTURE_NOW 1814364131     /* 2027-06-30T14:02:11Z */
#define ISS_POOL_FIXTURE_SEEN 1814362860    /* 13:41 */
#define ISS_POOL_FIXTURE_SILENT 1814363880  /* 13:58 */

/* A pool whose servers showed what a line of words says, such as
 * "OAuthTokenIssuer=A6,B3 Default=S6 +Cp -D": in its slots current and previous the
 * certificates A and B, on the rungs 6 and 3 ("A6@-60": current for a minute; "Default*": assigned
 * globally); it has C, meant for the pool, and was asked
 * about D, which it does not have; "^OAuthTokenIssuer": what is staged for it is held; "~Default":
 * the account of its service, "rtc", could not read the staged key when that was tried;
 * "#Default": "rtc" could not be reloaded; "%": its services are not known; "unattended": no
 * service runs what is due. A line that begins with "!" is of a server that does not answer since
 * 13:58 and was seen at 13:41; "!?" and "?" were never seen. */
IssPool  *iss_pool_fixture_new        (const char *const  *lines,
                                       char                agreed,
                                       char                previous) G_GNUC_WARN_UNUSED_RESULT;
void      iss_pool_fixture_get_sha256 (char                letter,
                                       guint8             *out_sha256);

G_END_DECLS
