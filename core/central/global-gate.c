/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/central/global-gate.h"

#include <glib/gi18n-lib.h>

#include "core/base/error.h"
#include "core/pool/clock-check.h"

static gboolean
is_excepted (const char *const *excepted,
             const char        *server)
{
  return excepted != NULL && g_strv_contains (excepted, server);
}

/* There is something to be let out that was not yet. */
static gboolean
is_waiting (const IssWanted *wanted)
{
  return wanted->arming != NULL && wanted->armed_at == 0;
}

/**
 * iss_global_gate_waits_for_clock:
 * @wanted: what is wanted
 * @report: what is known of a server
 *
 * Returns: whether what arms the staged certificate is kept back because that server's clock is too
 *   far off to make it current when the others do
 */
gboolean
iss_global_gate_waits_for_clock (const IssWanted        *wanted,
                                 const IssReplicaReport *report)
{
  g_return_val_if_fail (wanted != NULL && report != NULL, FALSE);

  return is_waiting (wanted) && report->seen != 0 &&
         !is_excepted ((const char *const *) wanted->excepted, report->server) &&
         iss_clock_check_is_far (report->clock_offset);
}

/**
 * iss_global_gate_is_open:
 * @wanted: what is wanted
 * @reports: (element-type IssReplicaReport): what was seen just now of every server of the pool
 * @any_clock: whether clocks that are too far off are passed
 *
 * Returns: whether what arms the staged certificate may be let out: every server that is not
 *   excepted by name publishes it, so that no server signs with what another does not know, and
 *   will make it current when the others do
 */
gboolean
iss_global_gate_is_open (const IssWanted *wanted,
                         GPtrArray       *reports,
                         gboolean         any_clock)
{
  g_return_val_if_fail (wanted != NULL && reports != NULL, FALSE);

  if (!is_waiting (wanted))
    return FALSE;

  for (guint i = 0; i < reports->len; i++)
    {
      const IssReplicaReport *report = g_ptr_array_index (reports, i);

      if (!is_excepted ((const char *const *) wanted->excepted, report->server) &&
          !iss_replica_report_is_ready (report, wanted))
        return FALSE;
      if (!any_clock && iss_global_gate_waits_for_clock (wanted, report))
        return FALSE;
    }

  return TRUE;
}

/**
 * iss_global_gate_may_roll:
 * @wanted: what is wanted
 *
 * Returns: whether a server may make what is staged current by itself: it is armed, or was, or
 *   never had to be
 */
gboolean
iss_global_gate_may_roll (const IssWanted *wanted)
{
  const IssManifest *manifest;

  g_return_val_if_fail (wanted != NULL, FALSE);

  manifest = iss_wanted_get_manifest (wanted);

  return manifest->slot[ISS_SLOT_STAGED] != NULL &&
         (!manifest->held || wanted->armed_at != 0 || wanted->was_armed);
}

static gboolean
is_same (IssCertificate *one,
         IssCertificate *other)
{
  return one != NULL && other != NULL &&
         g_bytes_equal (iss_certificate_get_sha256 (one), iss_certificate_get_sha256 (other));
}

static gboolean
has (const IssManifest *manifest,
     IssCertificate    *certificate)
{
  for (guint i = 0; i < ISS_N_SLOTS; i++)
    if (is_same (manifest->slot[i], certificate))
      return TRUE;

  return FALSE;
}

/**
 * iss_global_gate_was_armed:
 * @present: (nullable): what is wanted until now
 * @next: what is wanted from now on
 *
 * Returns: whether a server that does not know of @next yet may make current what @next has staged
 */
gboolean
iss_global_gate_was_armed (const IssWanted   *present,
                           const IssManifest *next)
{
  return present != NULL && iss_global_gate_may_roll (present) &&
         is_same (iss_wanted_get_manifest (present)->slot[ISS_SLOT_STAGED],
                  next->slot[ISS_SLOT_STAGED]);
}

/* It has the present revision, and what that says is current. */
static gboolean
has_present (const IssReplicaReport *report,
             const IssWanted        *present,
             IssCertificate         *current)
{
  const IssManifest *manifest = iss_wanted_get_manifest (present);
  const IssReplicaType *type = report->state == NULL ? NULL
    : iss_replica_state_find_type (report->state, manifest->type);

  return type != NULL && type->revision == manifest->revision && type->deployed &&
         g_strcmp0 (type->slot[ISS_SLOT_CURRENT],
                    current != NULL ? iss_certificate_get_sha256_hex (current) : NULL) == 0;
}

/* (transfer full) (nullable): the names of those of which that was not seen */
static char *
dup_others (const IssWanted    *present,
            IssCertificate     *current,
            GPtrArray          *reports,
            const char *const  *excepted)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_auto(GStrv) names = NULL;

  for (guint i = 0; i < reports->len; i++)
    {
      const IssReplicaReport *report = g_ptr_array_index (reports, i);

      if (!is_excepted (excepted, report->server) &&
          !is_excepted ((const char *const *) present->excepted, report->server) &&
          !has_present (report, present, current))
        g_strv_builder_add (builder, report->server);
    }
  names = g_strv_builder_end (builder);

  return names[0] != NULL ? g_strjoinv (", ", names) : NULL;
}

/* Everything stays, but is held, and nothing arms it. */
static IssManifest *
new_hold (const IssWanted *present)
{
  IssManifest *manifest = iss_manifest_copy (iss_wanted_get_manifest (present));

  manifest->revision++;
  manifest->held = TRUE;

  return manifest;
}

static gboolean
pass_staged (const IssWanted      *present,
             const IssTransition  *change,
             const char           *others,
             IssManifest         **next,
             gboolean             *out_only_holds,
             GError              **error)
{
  const IssManifest *manifest = iss_wanted_get_manifest (present);
  IssCertificate *staged = manifest->slot[ISS_SLOT_STAGED];
  const gboolean is_held = manifest->held && present->arming == NULL;

  if (is_held && others == NULL)
    return TRUE;

  if (change->kind == ISS_TRANSITION_CANCEL && !is_held)
    {
      iss_manifest_free (*next);
      *next = new_hold (present);
      *out_only_holds = TRUE;
      return TRUE;
    }

  if (!is_held)
    g_set_error (error, ISS_ERROR, ISS_ERROR_REFUSED,
                 /* Translators: name of a certificate */
                 _("“%s” is staged and armed: any server may make it current, and so every server "
                   "must know it. Cancel the roll first"), iss_certificate_get_issued_to (staged));
  else
    g_set_error (error, ISS_ERROR, ISS_ERROR_REFUSED,
                 /* Translators: name of a certificate, names of servers */
                 _("“%s” was armed, and these were not seen to hold it since: %s. As any of them "
                   "may sign with it, every server must know it. Do it again when they have "
                   "answered, or without them: --except"),
                 iss_certificate_get_issued_to (staged), others);

  return FALSE;
}

/* Whoever signs with what is compromised is not to be believed: nobody waits for those that may. */
static gboolean
is_compromised (const IssTransition *change,
                IssCertificate      *certificate)
{
  return change->kind == ISS_TRANSITION_REPLACE &&
         g_strcmp0 (change->compromised_hex, iss_certificate_get_sha256_hex (certificate)) == 0;
}

/**
 * iss_global_gate_pass:
 * @present: (nullable): what is wanted until now
 * @change: what is to be different
 * @reports: (element-type IssReplicaReport): what is known of every server of the pool
 * @excepted: (nullable): servers that are not waited for
 * @next: (inout): what would be wanted from now on
 * @out_only_holds: (out): whether @next only holds what is to be cancelled; untouched else
 * @error: return location for %ISS_ERROR_REFUSED: some server may sign with what @next drops
 *
 * To cancel what was armed takes two decisions: first every server holds it, and all go on knowing
 * it; when all were seen to, it may go.
 *
 * Returns: whether @next may be decided
 */
gboolean
iss_global_gate_pass (const IssWanted      *present,
                      const IssTransition  *change,
                      GPtrArray            *reports,
                      const char *const    *excepted,
                      IssManifest         **next,
                      gboolean             *out_only_holds,
                      GError              **error)
{
  const IssManifest *manifest;
  g_autofree char *others = NULL;

  g_return_val_if_fail (change != NULL && reports != NULL, FALSE);
  g_return_val_if_fail (next != NULL && *next != NULL && out_only_holds != NULL, FALSE);

  if (present == NULL)
    return TRUE;

  manifest = iss_wanted_get_manifest (present);
  if (iss_global_gate_may_roll (present) && !has (*next, manifest->slot[ISS_SLOT_STAGED]) &&
      !is_compromised (change, manifest->slot[ISS_SLOT_STAGED]))
    {
      others = dup_others (present, manifest->slot[ISS_SLOT_CURRENT], reports, excepted);
      return pass_staged (present, change, others, next, out_only_holds, error);
    }

  if (change->kind != ISS_TRANSITION_REMOVE_PREVIOUS)
    return TRUE;

  others = dup_others (present, (*next)->slot[ISS_SLOT_CURRENT], reports, excepted);
  if (others == NULL)
    return TRUE;

  g_set_error (error, ISS_ERROR, ISS_ERROR_REFUSED,
               /* Translators: names of servers */
               _("These were not seen to have made the roll: %s. As any of them may sign with the "
                 "previous certificate, every server must know it. Do it again when they have "
                 "answered, or without them: --except"), others);

  return FALSE;
}
