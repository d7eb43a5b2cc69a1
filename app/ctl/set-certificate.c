/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "app/ctl/fetch.h"
#include "app/ctl/global.h"
#include "app/ctl/roll.h"
#include "app/ctl/verb.h"
#include "core/base/error.h"

static const char *const options[] = { CTL_VERB_WHERE, CTL_ROLL_OPTIONS, CTL_GLOBAL_OPTIONS,
                                       "type", "thumbprint",
                                       "arm", "postpone", "swap-back", "compromised", "keep-staged",
                                       "cancel-staged", "what-if", "force", NULL };

static const IssTransitionKind changes[] =
{
  ISS_TRANSITION_SET, ISS_TRANSITION_STAGE, ISS_TRANSITION_ARM, ISS_TRANSITION_POSTPONE,
  ISS_TRANSITION_ROLL, ISS_TRANSITION_SWAP_BACK, ISS_TRANSITION_REPLACE,
};

/* Instead of a certificate. */
static const char *const moves[] = { "arm", "postpone", "swap-back", NULL };

static char **
parse_types (const char  *typed,
             GError     **error)
{
  g_auto(GStrv) names = g_strsplit (typed, ",", -1);
  g_autoptr(GStrvBuilder) types = g_strv_builder_new ();

  for (guint i = 0; names[i] != NULL; i++)
    {
      const IssCertificateType *type = iss_certificate_type_parse (g_strstrip (names[i]), error);

      if (type == NULL)
        return NULL;

      g_strv_builder_add (types, type->name);
    }

  return g_strv_builder_end (types);
}

static guint
count_moves (CtlContext *context)
{
  guint n = 0;

  for (guint i = 0; moves[i] != NULL; i++)
    if (ctl_context_has (context, moves[i]))
      n++;

  return n;
}

static gboolean
check_words (CtlContext *context)
{
  const gboolean has_thumbprint = ctl_context_has (context, "thumbprint");
  const guint n_moves = count_moves (context);

  if (ctl_context_get (context, "type") == NULL || (n_moves == 0 && !has_thumbprint))
    {
      g_printerr (_("issuantctl: Say what for and which: --type OAuthTokenIssuer "
                    "--thumbprint T\n"));
      return FALSE;
    }

  if (n_moves > 1 || (n_moves == 1 && (has_thumbprint || ctl_context_has (context, "roll"))))
    {
      g_printerr (_("issuantctl: --arm, --postpone and --swap-back are about what is assigned "
                    "already: one of them, without --thumbprint and --roll\n"));
      return FALSE;
    }

  if (ctl_context_has (context, "compromised") &&
      (n_moves > 0 || ctl_context_has (context, "roll")))
    {
      g_printerr (_("issuantctl: What is compromised is replaced at once: --compromised goes with "
                    "--thumbprint alone\n"));
      return FALSE;
    }

  if (ctl_context_has (context, "keep-staged") && ctl_context_has (context, "cancel-staged"))
    {
      g_printerr (_("issuantctl: The staged certificate can be kept or cancelled, not both\n"));
      return FALSE;
    }

  return TRUE;
}

static CtlExitStatus
set_at_once (CtlContext        *context,
             IssPool           *pool,
             GPtrArray         *servers,
             IssAssignRequest  *request,
             GBytes            *sha256)
{
  g_autofree GBytes **each = g_new (GBytes *, g_strv_length ((char **) request->types));

  for (guint i = 0; request->types[i] != NULL; i++)
    each[i] = sha256;
  request->sha256 = each;

  return ctl_roll_run (context, pool, servers, request);
}

static CtlExitStatus
set_certificate (CtlContext *context)
{
  const char *postpone = ctl_context_get (context, "postpone");
  g_autoptr(IssEffectiveDate) date = NULL;
  g_auto(GStrv) types = NULL;
  g_autoptr(GPtrArray) servers = NULL;
  g_autoptr(GBytes) sha256 = NULL;
  g_autoptr(IssCertificate) compromised = NULL;
  g_autoptr(GError) error = NULL;
  IssAssignRequest request = { .kind = ISS_TRANSITION_SET };
  IssPool *pool = NULL;

  if (!check_words (context))
    return CTL_EXIT_STATUS_WRONG_USE;

  types = parse_types (ctl_context_get (context, "type"), &error);
  if (types == NULL || !ctl_roll_read (context, &date, &error))
    return ctl_context_fail (context, error);

  if (postpone != NULL)
    {
      date = iss_effective_date_parse (postpone, ctl_context_get_zone (context), NULL, &error);
      if (date == NULL)
        return ctl_context_fail (context, error);
    }

  if (ctl_global_is_meant (context))
    return ctl_global_set (context, (const char *const *) types, date);

  servers = ctl_context_dup_servers (context, TRUE, &pool, &error);
  if (servers == NULL)
    return ctl_context_fail (context, error);

  ctl_global_warn (context, pool, (const char *const *) types);
  if (ctl_context_has (context, "arm"))
    return ctl_roll_arm (context, pool, servers, (const char *const *) types);
  if (postpone != NULL)
    return ctl_roll_postpone (context, pool, servers, (const char *const *) types, date);

  request.types = (const char *const *) types;
  request.force = ctl_context_has (context, "force");
  request.what_if = ctl_context_has (context, "what-if");
  if (ctl_context_has (context, "keep-staged"))
    request.staged = ISS_STAGED_KEEP;
  if (ctl_context_has (context, "cancel-staged"))
    request.staged = ISS_STAGED_CANCEL;

  if (ctl_context_has (context, "swap-back"))
    {
      request.kind = ISS_TRANSITION_SWAP_BACK;
      ctl_context_look (context, pool, NULL);
      return ctl_roll_run (context, pool, servers, &request);
    }

  sha256 = ctl_context_find_certificate (context, servers,
                                         ctl_context_get (context, "thumbprint"), &error);
  if (sha256 == NULL)
    return ctl_context_fail (context, error);

  if (ctl_context_has (context, "compromised"))
    {
      compromised = ctl_fetch_compromised (context, pool, &error);
      if (compromised == NULL)
        return ctl_context_fail (context, error);

      request.kind = ISS_TRANSITION_REPLACE;
      request.compromised = iss_certificate_get_der (compromised);
    }

  return date != NULL
    ? ctl_roll_stage (context, pool, servers, request.types, sha256, date)
    : set_at_once (context, pool, servers, &request, sha256);
}

const CtlVerb ctl_set_certificate_verb =
{
  .name = "set-certificate",
  .summary = N_("Assign a certificate to a type on servers, at once or at a date"),
  .words = "",
  .options = options,
  .run = set_certificate,
  .changes = changes,
  .n_changes = G_N_ELEMENTS (changes),
};
