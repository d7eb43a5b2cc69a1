/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/verdict.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  const char *nick;
  const char *label;
  const char *symbol;
} VerdictName;

/* The symbols of the screens; a whole circle is for what is published. */
static const VerdictName verdict_names[] =
{
  [ISS_VERDICT_AGREES]        = { "agrees",        N_("agrees"),        "◐" },
  [ISS_VERDICT_NONE]          = { "none",          N_("none"),          "–" },
  [ISS_VERDICT_MISSING]       = { "missing",       N_("missing"),       "○" },
  [ISS_VERDICT_DIFFERENT]     = { "different",     N_("different"),     "△" },
  [ISS_VERDICT_EXPIRED]       = { "expired",       N_("expired"),       "⧗" },
  [ISS_VERDICT_NOT_YET_VALID] = { "not-yet-valid", N_("not yet valid"), "◌" },
  [ISS_VERDICT_UNKNOWN]       = { "unknown",       N_("not looked at"), "?" },
};

/**
 * iss_verdict_get_nick:
 * @verdict: a verdict
 *
 * Returns: (transfer none): its word for machines
 */
const char *
iss_verdict_get_nick (IssVerdict verdict)
{
  g_return_val_if_fail ((guint) verdict < G_N_ELEMENTS (verdict_names), NULL);

  return verdict_names[verdict].nick;
}

/**
 * iss_verdict_get_label:
 * @verdict: a verdict
 *
 * Returns: (transfer none): its word on the screen, translated
 */
const char *
iss_verdict_get_label (IssVerdict verdict)
{
  g_return_val_if_fail ((guint) verdict < G_N_ELEMENTS (verdict_names), NULL);

  return _(verdict_names[verdict].label);
}

/**
 * iss_verdict_get_symbol:
 * @verdict: a verdict
 * @rung: how far the certificate has come
 *
 * Returns: (transfer none): one character that stands before the word
 */
const char *
iss_verdict_get_symbol (IssVerdict verdict,
                        IssRung    rung)
{
  g_return_val_if_fail ((guint) verdict < G_N_ELEMENTS (verdict_names), NULL);

  if (verdict == ISS_VERDICT_AGREES && rung >= ISS_RUNG_PUBLISHED)
    return "●";

  return verdict_names[verdict].symbol;
}
