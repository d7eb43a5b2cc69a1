/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/run-check.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/base/time-text.h"
#include "core/pool/clock-check.h"
#include "core/pool/presence.h"
#include "core/pool/reload-note.h"
#include "core/pool/roll-gate.h"
#include "core/pool/run-look.h"
#include "core/replication/task-text.h"

/* Everything borrowed, but the checks. */
typedef struct
{
  IssPool                  *pool;
  const IssCertificateType *type;
  GPtrArray                *looks;     /* (nullable) */
  IssPoolRoll              *roll;      /* (nullable) */
  gboolean                  staged;    /* something waits for its instant */
  gint64                    now;
  GTimeZone                *zone;      /* (nullable) */
  GPtrArray                *checks;
} Listing;

static void
check_free (gpointer data)
{
  IssRunCheck *check = data;

  g_clear_object (&check->server);
  g_free (check->text);
  g_free (check->remedy);
  g_free (check);
}

/* Takes @text and @remedy. */
static void
add (Listing          *listing,
     const char       *name,
     IssServer        *server,
     IssRunCheckState  state,
     char             *text,
     char             *remedy,
     gint64            seen_at)
{
  IssRunCheck *check = g_new0 (IssRunCheck, 1);

  check->name = name;
  check->server = server != NULL ? g_object_ref (server) : NULL;
  check->state = state;
  check->text = text;
  check->remedy = remedy;
  check->seen_at = seen_at;
  g_ptr_array_add (listing->checks, check);
}

/* (nullable) */
static const IssRunLook *
find_look (Listing   *listing,
           IssServer *server)
{
  for (guint i = 0; listing->looks != NULL && i < listing->looks->len; i++)
    {
      const IssRunLook *look = listing->looks->pdata[i];

      if (look->server == server)
        return look;
    }

  return NULL;
}

/* (nullable) */
static const IssObservedType *
find_type (Listing   *listing,
           IssServer *server)
{
  IssObservation *seen = iss_server_get_observation (server);

  return seen != NULL ? iss_observation_find_type (seen, listing->type->name) : NULL;
}

/* What is in use now must be right everywhere before it is replaced. */
static void
add_agreed (Listing *listing)
{
  g_autoptr(IssPresence) presence = iss_presence_new (listing->pool, listing->type->name,
                                                      listing->now, listing->zone);
  gint64 seen_at = iss_presence_get_seen_at (presence);
  IssRunCheckState state = ISS_RUN_CHECK_GO;
  g_autofree char *verdict = NULL;

  if (seen_at == 0)
    state = ISS_RUN_CHECK_UNKNOWN;
  else if (!iss_presence_is_good (presence))
    state = ISS_RUN_CHECK_WARNING;

  /* A sentence there, one of several things here. */
  verdict = g_strdup (iss_presence_get_verdict (presence));
  if (g_str_has_suffix (verdict, "."))
    verdict[strlen (verdict) - 1] = '\0';

  add (listing, "agreed", NULL, state, g_steal_pointer (&verdict),
       state == ISS_RUN_CHECK_WARNING
         ? g_strdup_printf ("issuantctl get-presence --pool %s --type %s",
                            iss_pool_get_name (listing->pool), listing->type->name) : NULL,
       seen_at);
}

static void
add_instant (Listing *listing)
{
  g_autofree char *when = NULL;
  g_autoptr(GError) error = NULL;

  if (!listing->staged || listing->roll == NULL || listing->roll->instant <= listing->now)
    return;

  when = iss_time_text_instant (listing->roll->instant, listing->zone);
  if (iss_roll_plan_check (&listing->roll->plan, listing->roll->instant, listing->zone, FALSE,
                           &error))
    {
      /* Translators: an instant */
      add (listing, "instant", NULL, ISS_RUN_CHECK_GO, g_strdup_printf (_("rolls on %s"), when),
           NULL, listing->now);
      return;
    }

  add (listing, "instant", NULL,
       g_error_matches (error, ISS_ERROR, ISS_ERROR_NEEDS_CONFIRMATION) ? ISS_RUN_CHECK_WARNING
                                                                        : ISS_RUN_CHECK_NO_GO,
       /* Translators: an instant, what is wrong with it */
       g_strdup_printf (_("rolls on %s: %s"), when, error->message),
       g_strdup_printf ("issuantctl set-certificate --pool %s --type %s --postpone …",
                        iss_pool_get_name (listing->pool), listing->type->name),
       listing->now);
}

static void
add_answers (Listing   *listing,
             IssServer *server)
{
  gint64 seen_at = iss_server_get_seen_at (server);

  if (iss_server_get_failing_since (server) != 0)
    add (listing, "answers", server, ISS_RUN_CHECK_NO_GO, g_strdup (_("does not answer")),
         iss_server_dup_remedy_text (server), seen_at);
  else if (iss_server_get_observation (server) == NULL)
    add (listing, "answers", server, ISS_RUN_CHECK_UNKNOWN, g_strdup (_("not looked at")), NULL,
         seen_at);
  else
    add (listing, "answers", server, ISS_RUN_CHECK_GO, g_strdup (_("answers")), NULL, seen_at);
}

/* (nullable): what is current on a server cannot be staged there before what the pool agrees on is
 * back. */
static char *
dup_put_back_line (Listing    *listing,
                   const char *name,
                   const char *current_hex)
{
  const IssAgreed *agreed = iss_pool_get_agreed (listing->pool, listing->type->name);

  return agreed != NULL && strcmp (agreed->sha256_hex, current_hex) != 0
    ? g_strdup_printf ("issuantctl set-certificate --server %s --type %s --thumbprint %s", name,
                       listing->type->name, agreed->sha256_hex) : NULL;
}

static char *
dup_stage_line (Listing   *listing,
                IssServer *server)
{
  g_autofree char *name = iss_server_dup_short_name (server);
  const IssObservedType *own = find_type (listing, server);

  for (guint i = 0; i < iss_pool_get_n_servers (listing->pool); i++)
    {
      const IssObservedType *its = find_type (listing, iss_pool_get_server (listing->pool, i));
      g_autofree char *hex = NULL;
      g_autofree char *when = NULL;

      if (its == NULL || !its->slots[ISS_SLOT_STAGED].is_set)
        continue;

      hex = iss_text_hex (its->slots[ISS_SLOT_STAGED].sha256, ISS_SHA256_SIZE, FALSE);
      if (own != NULL && own->slots[ISS_SLOT_CURRENT].is_set &&
          memcmp (own->slots[ISS_SLOT_CURRENT].sha256, its->slots[ISS_SLOT_STAGED].sha256,
                  ISS_SHA256_SIZE) == 0)
        return dup_put_back_line (listing, name, hex);

      when = iss_time_text_iso (its->slots[ISS_SLOT_STAGED].instant);

      return g_strdup_printf ("issuantctl set-certificate --server %s --type %s --thumbprint %s "
                              "--roll --effective-date %s", name, listing->type->name, hex, when);
    }

  return NULL;
}

static char *
dup_staged_remedy (Listing               *listing,
                   const IssRollGateLine *line,
                   gboolean               is_there)
{
  if (line->remedy != NULL)
    return g_strdup (line->remedy);

  return is_there ? g_strdup (_("Look again; if it stays so, see its event log"))
                  : dup_stage_line (listing, line->server);
}

/* Only where it answers: of the others nothing is known that is true now. */
static void
add_staged (Listing               *listing,
            const IssRollGateLine *line)
{
  const IssObservedType *its = find_type (listing, line->server);
  const gboolean is_there = its != NULL && its->slots[ISS_SLOT_STAGED].is_set;
  gint64 seen_at = iss_server_get_seen_at (line->server);

  if (line->is_ready)
    add (listing, "staged", line->server, ISS_RUN_CHECK_GO,
         g_strdup (line->is_held ? _("staged and published, held") : _("staged and published")),
         NULL, seen_at);
  else
    add (listing, "staged", line->server, ISS_RUN_CHECK_NO_GO,
         its != NULL && its->held ? g_strdup_printf (_("held: not armed; %s"), line->text)
                                  : g_strdup (line->text),
         dup_staged_remedy (listing, line, is_there), seen_at);
}

/* What is in use, where nothing is staged. */
static void
add_published (Listing   *listing,
               IssServer *server)
{
  const IssObservedType *its = find_type (listing, server);
  const IssObservedSlot *slot = its != NULL ? &its->slots[ISS_SLOT_CURRENT] : NULL;
  gint64 seen_at = iss_server_get_seen_at (server);

  if (slot == NULL || !slot->is_set)
    add (listing, "published", server, ISS_RUN_CHECK_NO_GO, g_strdup (_("uses nothing")),
         g_strdup (_("Assign a certificate")), seen_at);
  else if (slot->rung < ISS_RUNG_PUBLISHED)
    add (listing, "published", server, ISS_RUN_CHECK_NO_GO,
         g_strdup_printf (_("%s, not published"), iss_rung_get_label (slot->rung)),
         g_strdup (_("Look again; if it stays so, see its event log")), seen_at);
  else
    add (listing, "published", server, ISS_RUN_CHECK_GO, g_strdup (_("published")), NULL, seen_at);
}

static void
add_clock (Listing   *listing,
           IssServer *server)
{
  gdouble offset = iss_server_get_clock_offset (server);
  gdouble shown = fabs (offset) < 0.05 ? 0 : offset;   /* no "-0.0" */
  g_autofree char *text = iss_clock_check_dup_text (offset);
  IssRunCheckState state = ISS_RUN_CHECK_GO;

  if (iss_clock_check_is_far (offset))
    state = ISS_RUN_CHECK_NO_GO;
  else if (fabs (offset) > ISS_CLOCK_CHECK_WARNING)
    state = ISS_RUN_CHECK_WARNING;

  if (!iss_server_is_answering (server))
    return;

  add (listing, "clock", server, state,
       /* Translators: "7 s ahead" */
       state == ISS_RUN_CHECK_GO ? g_strdup_printf (_("clock %+.1f s"), shown)
                                 : g_strdup_printf (_("its clock is %s"), text),
       state == ISS_RUN_CHECK_GO ? NULL
         : g_strdup (_("Set it right, such as with systemd-timesyncd or chrony")),
       iss_server_get_seen_at (server));
}

static void
add_scheduler (Listing          *listing,
               IssServer        *server,
               const IssRunLook *look)
{
  g_autofree char *name = iss_server_dup_short_name (server);

  if (look == NULL || look->tasks == NULL)
    add (listing, "scheduler", server, ISS_RUN_CHECK_UNKNOWN,
         g_strdup (_("whether it rolls by itself is not known")), g_strdup (_("Look again")), 0);
  else if (look->tasks->resident_since == 0)
    add (listing, "scheduler", server, ISS_RUN_CHECK_WARNING,
         g_strdup (_("nothing there will run the roll at its instant")),
         iss_task_text_dup_resident (name, 0, NULL), look->at);
  else
    add (listing, "scheduler", server, ISS_RUN_CHECK_GO, g_strdup (_("rolls by itself")), NULL,
         look->at);
}

static void
add_suitable (Listing          *listing,
              IssServer        *server,
              const IssRunLook *look)
{
  const IssObservedType *its = find_type (listing, server);
  const IssFinding *worst = NULL;

  if (its == NULL || (!its->slots[ISS_SLOT_STAGED].is_set && !its->slots[ISS_SLOT_CURRENT].is_set))
    return;

  if (look == NULL || look->findings == NULL)
    {
      add (listing, "suitable", server, ISS_RUN_CHECK_UNKNOWN,
           g_strdup (_("whether the certificate suits its use is not known")),
           g_strdup (_("Look again")), 0);
      return;
    }

  for (guint i = 0; i < look->findings->len; i++)
    {
      const IssFinding *finding = look->findings->pdata[i];

      if (finding->severity != ISS_FINDING_NOTE &&
          (worst == NULL || finding->severity < worst->severity))
        worst = finding;
    }

  if (worst == NULL)
    add (listing, "suitable", server, ISS_RUN_CHECK_GO, g_strdup (_("suits its use")), NULL,
         look->at);
  else
    add (listing, "suitable", server,
         worst->severity == ISS_FINDING_ERROR ? ISS_RUN_CHECK_NO_GO : ISS_RUN_CHECK_WARNING,
         g_strdup (worst->text), NULL, look->at);
}

static void
add_key (Listing          *listing,
         IssServer        *server,
         const IssRunLook *look)
{
  guint n = 0;

  if (look == NULL || look->proofs == NULL)
    {
      add (listing, "key", server, ISS_RUN_CHECK_UNKNOWN, g_strdup (_("keys not proved yet")),
           g_strdup_printf ("issuantctl test-proof --pool %s --type %s",
                            iss_pool_get_name (listing->pool), listing->type->name), 0);
      return;
    }

  for (guint i = 0; i < look->proofs->len; i++)
    {
      const IssServerProof *proof = look->proofs->pdata[i];

      if (proof->failure != NULL)
        {
          add (listing, "key", server, ISS_RUN_CHECK_NO_GO,
               g_strdup_printf (_("the %s key is not proved: %s"),
                                iss_slot_get_label (proof->slot), proof->failure),
               g_strdup (_("Import the certificate there with its key")), proof->at);
          return;
        }
      n++;
    }

  if (n > 0)
    add (listing, "key", server, ISS_RUN_CHECK_GO,
         g_strdup_printf (ngettext ("%u key proved", "%u keys proved", n), n), NULL, look->at);
}

static void
add_log (Listing          *listing,
         IssServer        *server,
         const IssRunLook *look)
{
  g_autofree char *fault = NULL;

  if (look == NULL || look->audit == NULL || look->audit->n_faults == 0)
    return;

  fault = iss_audit_check_dup_fault (look->audit);
  add (listing, "log", server, ISS_RUN_CHECK_WARNING, g_steal_pointer (&fault),
       g_strdup_printf ("issuantctl get-log --server %s --verify", iss_server_get_name (server)),
       look->at);
}

/* Whether the services have read what is published: nothing is said where none is configured. */
static void
add_reload (Listing   *listing,
            IssServer *server)
{
  g_autofree char *wrong = iss_reload_note_dup_wrong (server, listing->type->name);
  g_autofree char *state = iss_reload_note_dup_state (server, listing->type->name, listing->zone);

  if (wrong != NULL)
    add (listing, "reload", server, ISS_RUN_CHECK_WARNING, g_steal_pointer (&wrong),
         iss_reload_note_dup_trouble (server, listing->type->name),
         iss_server_get_seen_at (server));
  else if (state != NULL)
    add (listing, "reload", server, ISS_RUN_CHECK_GO, g_steal_pointer (&state), NULL,
         iss_server_get_seen_at (server));
}

static void
add_server (Listing               *listing,
            const IssRollGateLine *line)
{
  IssServer *server = line->server;
  const IssRunLook *look = find_look (listing, server);

  add_answers (listing, server);
  if (iss_server_get_observation (server) == NULL || iss_server_get_failing_since (server) != 0)
    return;

  if (listing->staged)
    add_staged (listing, line);
  else
    add_published (listing, server);

  add_clock (listing, server);
  if (listing->staged)
    add_scheduler (listing, server, look);
  add_suitable (listing, server, look);
  add_key (listing, server, look);
  add_reload (listing, server);
  add_log (listing, server, look);
}

/**
 * iss_run_check_state_get_nick:
 * @state: a state
 *
 * Returns: (transfer none): a word for machines
 */
const char *
iss_run_check_state_get_nick (IssRunCheckState state)
{
  static const char *const nicks[] = { "go", "warning", "unknown", "no-go" };

  G_STATIC_ASSERT (G_N_ELEMENTS (nicks) == ISS_N_RUN_CHECK_STATES);
  g_return_val_if_fail (state < ISS_N_RUN_CHECK_STATES, NULL);

  return nicks[state];
}

/**
 * iss_run_check_state_get_label:
 * @state: a state
 *
 * Returns: (transfer none): it in words
 */
const char *
iss_run_check_state_get_label (IssRunCheckState state)
{
  static const char *const labels[] = { N_("go"), N_("go, with a warning"), N_("not known"),
                                        N_("no go") };

  G_STATIC_ASSERT (G_N_ELEMENTS (labels) == ISS_N_RUN_CHECK_STATES);
  g_return_val_if_fail (state < ISS_N_RUN_CHECK_STATES, NULL);

  return _(labels[state]);
}

/**
 * iss_run_check_state_get_symbol:
 * @state: a state
 *
 * Returns: (transfer none): its symbol, for a terminal
 */
const char *
iss_run_check_state_get_symbol (IssRunCheckState state)
{
  static const char *const symbols[] = { "●", "△", "?", "✕" };

  G_STATIC_ASSERT (G_N_ELEMENTS (symbols) == ISS_N_RUN_CHECK_STATES);
  g_return_val_if_fail (state < ISS_N_RUN_CHECK_STATES, NULL);

  return symbols[state];
}

/**
 * iss_run_check_is_staged:
 * @pool: a pool
 * @type: the name of a certificate type
 * @out_is_held: (out) (optional): whether it waits to be armed on some server
 *
 * Returns: whether something is staged on some server, as it was last seen
 */
gboolean
iss_run_check_is_staged (IssPool    *pool,
                         const char *type,
                         gboolean   *out_is_held)
{
  gboolean is_staged = FALSE;
  gboolean is_held = FALSE;

  g_return_val_if_fail (ISS_IS_POOL (pool), FALSE);

  for (guint i = 0; i < iss_pool_get_n_servers (pool); i++)
    {
      IssObservation *seen = iss_server_get_observation (iss_pool_get_server (pool, i));
      const IssObservedType *its = seen != NULL ? iss_observation_find_type (seen, type) : NULL;

      if (its == NULL || !its->slots[ISS_SLOT_STAGED].is_set)
        continue;

      is_staged = TRUE;
      is_held = is_held || its->held;
    }

  if (out_is_held != NULL)
    *out_is_held = is_held;

  return is_staged;
}

/**
 * iss_run_check_list:
 * @pool: a pool, as it was last seen
 * @type: a certificate type
 * @looks: (nullable) (element-type IssRunLook): what its servers were asked
 * @roll: (nullable): the roll that is pending or was the last
 * @now: the present
 * @zone: (nullable): the zone to show instants in; %NULL is UTC
 *
 * Returns: (transfer full) (element-type IssRunCheck): what must be right, and whether it is
 */
GPtrArray *
iss_run_check_list (IssPool                  *pool,
                    const IssCertificateType *type,
                    GPtrArray                *looks,
                    IssPoolRoll              *roll,
                    gint64                    now,
                    GTimeZone                *zone)
{
  g_autoptr(GPtrArray) lines = NULL;
  Listing listing = { pool, type, looks, roll, FALSE, now, zone, NULL };

  g_return_val_if_fail (ISS_IS_POOL (pool), NULL);
  g_return_val_if_fail (type != NULL, NULL);

  listing.checks = g_ptr_array_new_with_free_func (check_free);
  listing.staged = iss_run_check_is_staged (pool, type->name, NULL);
  lines = iss_roll_gate_list (pool, type->name, NULL);

  add_agreed (&listing);
  add_instant (&listing);
  for (guint i = 0; i < lines->len; i++)
    add_server (&listing, lines->pdata[i]);

  return listing.checks;
}

/**
 * iss_run_check_worst:
 * @checks: (element-type IssRunCheck): checks
 *
 * Returns: the worst state among them
 */
IssRunCheckState
iss_run_check_worst (GPtrArray *checks)
{
  IssRunCheckState worst = ISS_RUN_CHECK_GO;

  g_return_val_if_fail (checks != NULL, ISS_RUN_CHECK_UNKNOWN);

  for (guint i = 0; i < checks->len; i++)
    worst = MAX (worst, ((IssRunCheck *) checks->pdata[i])->state);

  return worst;
}

/**
 * iss_run_check_worst_of:
 * @checks: (element-type IssRunCheck): checks
 * @server: (nullable): a server; %NULL: the pool itself
 *
 * Returns: the worst state among those of @server
 */
IssRunCheckState
iss_run_check_worst_of (GPtrArray *checks,
                        IssServer *server)
{
  IssRunCheckState worst = ISS_RUN_CHECK_GO;

  g_return_val_if_fail (checks != NULL, ISS_RUN_CHECK_UNKNOWN);

  for (guint i = 0; i < checks->len; i++)
    {
      const IssRunCheck *check = checks->pdata[i];

      if (check->server == server)
        worst = MAX (worst, check->state);
    }

  return worst;
}
