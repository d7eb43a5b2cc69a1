/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/replication/ladder.h"

G_BEGIN_DECLS

/**
 * IssVerdict:
 *
 * What is true of one slot on one server, as far as it was seen.
 */
typedef enum
{
  ISS_VERDICT_AGREES,          /* the expected certificate is there */
  ISS_VERDICT_NONE,            /* nothing is there, and nothing is expected */
  ISS_VERDICT_MISSING,
  ISS_VERDICT_DIFFERENT,
  ISS_VERDICT_EXPIRED,
  ISS_VERDICT_NOT_YET_VALID,
  ISS_VERDICT_UNKNOWN          /* never looked at */
} IssVerdict;

const char  *iss_verdict_get_nick   (IssVerdict   verdict);   /* "missing" */
const char  *iss_verdict_get_label  (IssVerdict   verdict);   /* translated */
const char  *iss_verdict_get_symbol (IssVerdict   verdict,
                                     IssRung      rung);      /* "○" */

G_END_DECLS
