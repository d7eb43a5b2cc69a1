/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/pool/state-icon.h"

typedef struct
{
  const char *icon;
  const char *css_class;
} Look;

static const Look verdict_looks[] =
{
  [ISS_VERDICT_AGREES]        = { "iss-state-in-store-symbolic",  "warning" },
  [ISS_VERDICT_NONE]          = { NULL,                           "dim-label" },
  [ISS_VERDICT_MISSING]       = { "iss-state-missing-symbolic",   "warning" },
  [ISS_VERDICT_DIFFERENT]     = { "iss-state-different-symbolic", "warning" },
  [ISS_VERDICT_EXPIRED]       = { "iss-state-expired-symbolic",   "error" },
  [ISS_VERDICT_NOT_YET_VALID] = { "iss-state-not-yet-symbolic",   "error" },
  [ISS_VERDICT_UNKNOWN]       = { "iss-state-unknown-symbolic",   "dim-label" },
};

static const Look level_looks[] =
{
  [ISS_OVERVIEW_GOOD]    = { "iss-state-published-symbolic", "success" },
  [ISS_OVERVIEW_UNKNOWN] = { "iss-state-unknown-symbolic",   "dim-label" },
  [ISS_OVERVIEW_WARNING] = { "dialog-warning-symbolic",      "warning" },
  [ISS_OVERVIEW_ERROR]   = { "dialog-error-symbolic",        "error" },
};

static const Look published = { "iss-state-published-symbolic", "success" };

G_STATIC_ASSERT (G_N_ELEMENTS (level_looks) == ISS_N_OVERVIEW_LEVELS);

static const Look *
look_of (IssVerdict verdict,
         IssRung    rung)
{
  if (verdict == ISS_VERDICT_AGREES && rung >= ISS_RUNG_PUBLISHED)
    return &published;

  return &verdict_looks[verdict];
}

/**
 * iss_state_icon_of_verdict:
 * @verdict: a verdict
 * @rung: how far the certificate has come
 *
 * Returns: (transfer none) (nullable): the name of its symbolic icon; %NULL where
 *   nothing is, and nothing is expected
 */
const char *
iss_state_icon_of_verdict (IssVerdict verdict,
                           IssRung    rung)
{
  g_return_val_if_fail ((guint) verdict < G_N_ELEMENTS (verdict_looks), NULL);

  return look_of (verdict, rung)->icon;
}

/**
 * iss_state_icon_class_of_verdict:
 * @verdict: a verdict
 * @rung: how far the certificate has come
 *
 * Returns: (transfer none): the CSS class that gives the symbol its colour
 */
const char *
iss_state_icon_class_of_verdict (IssVerdict verdict,
                                 IssRung    rung)
{
  g_return_val_if_fail ((guint) verdict < G_N_ELEMENTS (verdict_looks), NULL);

  return look_of (verdict, rung)->css_class;
}

/**
 * iss_state_icon_of_level:
 * @level: how good a fact is
 *
 * Returns: (transfer none): the name of its symbolic icon
 */
const char *
iss_state_icon_of_level (IssOverviewLevel level)
{
  g_return_val_if_fail ((guint) level < G_N_ELEMENTS (level_looks), NULL);

  return level_looks[level].icon;
}

/**
 * iss_state_icon_class_of_level:
 * @level: how good a fact is
 *
 * Returns: (transfer none): the CSS class that gives the symbol its colour
 */
const char *
iss_state_icon_class_of_level (IssOverviewLevel level)
{
  g_return_val_if_fail ((guint) level < G_N_ELEMENTS (level_looks), NULL);

  return level_looks[level].css_class;
}
