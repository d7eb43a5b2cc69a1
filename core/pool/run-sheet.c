/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/run-sheet.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/base/time-text.h"
#include "core/pool/run-action.h"

/**
 * IssRunSheet:
 *
 * What somebody at two in the morning has to know about one change.
 *
 * It judges nothing by itself: it asks the gate of the roll, the presence, the clocks and the
 * schedule, and puts their answers in the order in which they are needed. Every answer carries
 * the time at which it was seen.
 */
struct _IssRunSheet
{
  GObject                   parent_instance;

  /* Owned */
  char                     *pool;
  GPtrArray                *looks;       /* (nullable) */
  IssPoolRoll              *roll;        /* (nullable) */
  IssPresence              *presence;
  GPtrArray                *checks;
  char                     *headline;
  char                     *verdict;
  char                     *action_text;
  char                     *shell_line;  /* (nullable) */
  char                     *way_back;

  /* Borrowed */
  const IssCertificateType *type;

  gint64                    now;
  IssRunCheckState          state;
  IssRunAction              action;
  IssSlot                   slot;
  guint                     column;      /* of @presence, for @slot */
};

G_DEFINE_FINAL_TYPE (IssRunSheet, iss_run_sheet, G_TYPE_OBJECT)

static void
iss_run_sheet_finalize (GObject *object)
{
  IssRunSheet *self = ISS_RUN_SHEET (object);

  g_clear_pointer (&self->pool, g_free);
  g_clear_pointer (&self->looks, g_ptr_array_unref);
  g_clear_pointer (&self->roll, iss_pool_roll_free);
  g_clear_object (&self->presence);
  g_clear_pointer (&self->checks, g_ptr_array_unref);
  g_clear_pointer (&self->headline, g_free);
  g_clear_pointer (&self->verdict, g_free);
  g_clear_pointer (&self->action_text, g_free);
  g_clear_pointer (&self->shell_line, g_free);
  g_clear_pointer (&self->way_back, g_free);

  G_OBJECT_CLASS (iss_run_sheet_parent_class)->finalize (object);
}

static void
iss_run_sheet_class_init (IssRunSheetClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = iss_run_sheet_finalize;
}

static void
iss_run_sheet_init (IssRunSheet *self)
{
}

static char *
dup_verdict (IssRunSheet *self)
{
  guint n = 0;

  for (guint i = 0; i < self->checks->len; i++)
    n += ((IssRunCheck *) self->checks->pdata[i])->state == self->state;

  switch (self->state)
    {
    case ISS_RUN_CHECK_GO:
      return g_strdup (_("Ready."));

    case ISS_RUN_CHECK_WARNING:
      return g_strdup_printf (ngettext ("Ready, with %u warning.", "Ready, with %u warnings.", n),
                              n);

    case ISS_RUN_CHECK_UNKNOWN:
      return g_strdup_printf (ngettext ("Not known yet: %u of %u checks has not been looked at.",
                                        "Not known yet: %u of %u checks have not been looked at.",
                                        n), n, self->checks->len);

    case ISS_RUN_CHECK_NO_GO:
      return g_strdup_printf (ngettext ("Not ready: %u of %u checks says no go.",
                                        "Not ready: %u of %u checks say no go.", n),
                              n, self->checks->len);

    case ISS_N_RUN_CHECK_STATES:
    default:
      g_return_val_if_reached (NULL);
    }
}

static char *
dup_rolled_text (IssRunSheet *self,
                 GTimeZone   *zone)
{
  g_autofree char *when = NULL;

  if (self->roll->old_name == NULL)
    return g_strdup (_("Nothing is left to do: it is done."));

  when = iss_time_text_instant (self->roll->instant + self->roll->plan.token_lifetime, zone);

  /* Translators: a certificate, an instant */
  return g_strdup_printf (_("Nothing is left to do now: %s may be removed from %s on."),
                          self->roll->old_name, when);
}

static void
set_action (IssRunSheet *self,
            gboolean     is_staged,
            gboolean     is_held,
            GTimeZone   *zone)
{
  if (is_held)
    {
      self->action = ISS_RUN_ACTION_ARM;
      self->action_text = g_strdup (_("Arm the roll: from then on every server rolls at its "
                                      "instant, whether or not anybody is there."));
      self->shell_line = g_strdup_printf ("issuantctl set-certificate --pool %s --type %s --arm",
                                          self->pool, self->type->name);
    }
  else if (is_staged)
    {
      self->action_text = iss_run_action_dup_armed (self->checks, self->roll, zone);
    }
  else if (self->roll != NULL)
    {
      self->action_text = dup_rolled_text (self, zone);
    }
  else if (self->type->rollable)
    {
      self->action = ISS_RUN_ACTION_ROLL;
      self->action_text = g_strdup (_("Nothing is staged: choose the certificate to roll to, and "
                                      "the instant."));
      self->shell_line = g_strdup_printf ("issuantctl set-certificate --pool %s --type %s "
                                          "--thumbprint … --roll --effective-date …",
                                          self->pool, self->type->name);
    }
  else
    {
      self->action_text = g_strdup (_("Certificates of this type are not rolled but assigned at "
                                      "once."));
    }
}

static char *
dup_headline (IssRunSheet *self,
              GTimeZone   *zone)
{
  if (self->roll != NULL)
    return iss_pool_roll_dup_headline (self->roll, zone);

  /* Translators: a certificate type */
  return g_strdup_printf (_("%s: no roll is under way."),
                          iss_certificate_type_get_label (self->type));
}

static void
find_column (IssRunSheet *self)
{
  self->column = iss_presence_get_n_columns (self->presence);
  for (guint i = 0; i < iss_presence_get_n_columns (self->presence); i++)
    {
      const IssPresenceColumn *column = iss_presence_get_column (self->presence, i);

      if (column->slot == self->slot && strcmp (column->type, self->type->name) == 0)
        self->column = i;
    }
}

/**
 * iss_run_sheet_new:
 * @pool: a pool, as it was last seen
 * @type: a certificate type
 * @looks: (nullable) (element-type IssRunLook): what its servers were asked
 * @now: the present
 * @zone: (nullable): the zone to show instants in; %NULL is UTC
 *
 * Returns: (transfer full): the sheet for the change of @type that is under way, or could be
 */
IssRunSheet *
iss_run_sheet_new (IssPool                  *pool,
                   const IssCertificateType *type,
                   GPtrArray                *looks,
                   gint64                    now,
                   GTimeZone                *zone)
{
  g_autoptr(GPtrArray) servers = g_ptr_array_new ();
  g_autoptr(IssRollSchedule) schedule = NULL;
  IssRunSheet *self;
  gboolean is_held = FALSE;
  gboolean is_staged;

  g_return_val_if_fail (ISS_IS_POOL (pool), NULL);
  g_return_val_if_fail (type != NULL, NULL);

  for (guint i = 0; i < iss_pool_get_n_servers (pool); i++)
    g_ptr_array_add (servers, iss_pool_get_server (pool, i));

  self = g_object_new (ISS_TYPE_RUN_SHEET, NULL);
  self->pool = g_strdup (iss_pool_get_name (pool));
  self->type = type;
  self->looks = looks != NULL ? g_ptr_array_ref (looks) : NULL;
  self->now = now;
  self->roll = iss_pool_roll_find (servers, type->name, now);
  self->presence = iss_presence_new (pool, type->name, now, zone);
  self->checks = iss_run_check_list (pool, type, looks, self->roll, now, zone);
  self->state = iss_run_check_worst (self->checks);
  self->verdict = dup_verdict (self);
  self->headline = dup_headline (self, zone);
  is_staged = iss_run_check_is_staged (pool, type->name, &is_held);
  self->slot = is_staged ? ISS_SLOT_STAGED : ISS_SLOT_CURRENT;
  set_action (self, is_staged, is_held, zone);
  find_column (self);

  if (self->roll != NULL)
    {
      schedule = iss_pool_roll_make_schedule (self->roll, zone);
      self->way_back = g_strdup (iss_roll_schedule_get_way_back (schedule));
    }
  else
    {
      self->way_back = g_strdup (_("Nothing was changed lately: there is nothing to go back "
                                   "from."));
    }

  return self;
}

/**
 * iss_run_sheet_get_pool:
 * @self: a sheet
 *
 * Returns: (transfer none): the pool's name
 */
const char *
iss_run_sheet_get_pool (IssRunSheet *self)
{
  g_return_val_if_fail (ISS_IS_RUN_SHEET (self), NULL);

  return self->pool;
}

/**
 * iss_run_sheet_get_type_of:
 * @self: a sheet
 *
 * Returns: (transfer none): the certificate type that it is about
 */
const IssCertificateType *
iss_run_sheet_get_type_of (IssRunSheet *self)
{
  g_return_val_if_fail (ISS_IS_RUN_SHEET (self), NULL);

  return self->type;
}

/**
 * iss_run_sheet_get_looks:
 * @self: a sheet
 *
 * Returns: (transfer none) (nullable) (element-type IssRunLook): what the servers were asked
 */
GPtrArray *
iss_run_sheet_get_looks (IssRunSheet *self)
{
  g_return_val_if_fail (ISS_IS_RUN_SHEET (self), NULL);

  return self->looks;
}

/**
 * iss_run_sheet_get_now:
 * @self: a sheet
 *
 * Returns: when it was made
 */
gint64
iss_run_sheet_get_now (IssRunSheet *self)
{
  g_return_val_if_fail (ISS_IS_RUN_SHEET (self), 0);

  return self->now;
}

/**
 * iss_run_sheet_get_roll:
 * @self: a sheet
 *
 * Returns: (transfer none) (nullable): the roll that is pending, or was the last
 */
const IssPoolRoll *
iss_run_sheet_get_roll (IssRunSheet *self)
{
  g_return_val_if_fail (ISS_IS_RUN_SHEET (self), NULL);

  return self->roll;
}

/**
 * iss_run_sheet_get_headline:
 * @self: a sheet
 *
 * Returns: (transfer none): what the change is, a sentence
 */
const char *
iss_run_sheet_get_headline (IssRunSheet *self)
{
  g_return_val_if_fail (ISS_IS_RUN_SHEET (self), NULL);

  return self->headline;
}

/**
 * iss_run_sheet_get_seen_at:
 * @self: a sheet
 *
 * Returns: the oldest look at a server that it rests on; 0 = nobody has looked
 */
gint64
iss_run_sheet_get_seen_at (IssRunSheet *self)
{
  g_return_val_if_fail (ISS_IS_RUN_SHEET (self), 0);

  return iss_presence_get_seen_at (self->presence);
}

/**
 * iss_run_sheet_get_checks:
 * @self: a sheet
 *
 * Returns: (transfer none) (element-type IssRunCheck): what must be right
 */
GPtrArray *
iss_run_sheet_get_checks (IssRunSheet *self)
{
  g_return_val_if_fail (ISS_IS_RUN_SHEET (self), NULL);

  return self->checks;
}

/**
 * iss_run_sheet_dup_checks_of:
 * @self: a sheet
 * @server: (nullable): a server; %NULL: the pool
 *
 * Returns: (transfer full): the checks of it in one line, worst first, with the symbol of the
 *   worst: "● fe01: answers, staged and published, clock +0.1 s"
 */
char *
iss_run_sheet_dup_checks_of (IssRunSheet *self,
                             IssServer   *server)
{
  g_autofree char *name = server != NULL ? iss_server_dup_short_name (server) : NULL;
  g_autoptr(GString) text = NULL;
  gboolean is_first = TRUE;

  g_return_val_if_fail (ISS_IS_RUN_SHEET (self), NULL);

  text = g_string_new (iss_run_check_state_get_symbol (iss_run_check_worst_of (self->checks,
                                                                             server)));
  if (name != NULL)
    g_string_append_printf (text, " %s:", name);

  for (int state = ISS_RUN_CHECK_NO_GO; state >= ISS_RUN_CHECK_GO; state--)
    {
      for (guint i = 0; i < self->checks->len; i++)
        {
          const IssRunCheck *check = self->checks->pdata[i];

          if (check->server != server || (int) check->state != state)
            continue;

          g_string_append_printf (text, "%s%s", is_first ? " " : ", ", check->text);
          is_first = FALSE;
        }
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}

/**
 * iss_run_sheet_get_state:
 * @self: a sheet
 *
 * Returns: the worst of its checks
 */
IssRunCheckState
iss_run_sheet_get_state (IssRunSheet *self)
{
  g_return_val_if_fail (ISS_IS_RUN_SHEET (self), ISS_RUN_CHECK_UNKNOWN);

  return self->state;
}

/**
 * iss_run_sheet_get_verdict:
 * @self: a sheet
 *
 * Returns: (transfer none): whether it is ready, a sentence
 */
const char *
iss_run_sheet_get_verdict (IssRunSheet *self)
{
  g_return_val_if_fail (ISS_IS_RUN_SHEET (self), NULL);

  return self->verdict;
}

/**
 * iss_run_sheet_get_action:
 * @self: a sheet
 *
 * Returns: what is to be done next
 */
IssRunAction
iss_run_sheet_get_action (IssRunSheet *self)
{
  g_return_val_if_fail (ISS_IS_RUN_SHEET (self), ISS_RUN_ACTION_NONE);

  return self->action;
}

/**
 * iss_run_sheet_get_action_text:
 * @self: a sheet
 *
 * Returns: (transfer none): what that does, or why there is nothing to do
 */
const char *
iss_run_sheet_get_action_text (IssRunSheet *self)
{
  g_return_val_if_fail (ISS_IS_RUN_SHEET (self), NULL);

  return self->action_text;
}

/**
 * iss_run_sheet_get_shell_line:
 * @self: a sheet
 *
 * Returns: (transfer none) (nullable): the line that does the same in a shell
 */
const char *
iss_run_sheet_get_shell_line (IssRunSheet *self)
{
  g_return_val_if_fail (ISS_IS_RUN_SHEET (self), NULL);

  return self->shell_line;
}

/**
 * iss_run_sheet_may_do:
 * @self: a sheet
 *
 * A wizard that begins a roll judges for itself.
 *
 * Returns: whether the button may be pressed
 */
gboolean
iss_run_sheet_may_do (IssRunSheet *self)
{
  g_return_val_if_fail (ISS_IS_RUN_SHEET (self), FALSE);

  return self->action == ISS_RUN_ACTION_ROLL ||
         (self->action == ISS_RUN_ACTION_ARM && self->state <= ISS_RUN_CHECK_WARNING);
}

/**
 * iss_run_sheet_get_presence:
 * @self: a sheet
 *
 * Returns: (transfer none): the matrix of the type
 */
IssPresence *
iss_run_sheet_get_presence (IssRunSheet *self)
{
  g_return_val_if_fail (ISS_IS_RUN_SHEET (self), NULL);

  return self->presence;
}

/**
 * iss_run_sheet_get_slot:
 * @self: a sheet
 *
 * Returns: which slot is to be proved: what is staged, as long as something is
 */
IssSlot
iss_run_sheet_get_slot (IssRunSheet *self)
{
  g_return_val_if_fail (ISS_IS_RUN_SHEET (self), ISS_SLOT_CURRENT);

  return self->slot;
}

/**
 * iss_run_sheet_get_cell:
 * @self: a sheet
 * @row: of a server of its presence
 *
 * Returns: (transfer none) (nullable): how far that slot's certificate is there
 */
const IssPresenceCell *
iss_run_sheet_get_cell (IssRunSheet *self,
                        guint        row)
{
  g_return_val_if_fail (ISS_IS_RUN_SHEET (self), NULL);

  return self->column < iss_presence_get_n_columns (self->presence)
         ? iss_presence_get_cell (self->presence, row, self->column) : NULL;
}

/**
 * iss_run_sheet_get_way_back:
 * @self: a sheet
 *
 * Returns: (transfer none): how to go back, and until when that is safe
 */
const char *
iss_run_sheet_get_way_back (IssRunSheet *self)
{
  g_return_val_if_fail (ISS_IS_RUN_SHEET (self), NULL);

  return self->way_back;
}

/* A line for the pool or a server: what is worst decides its symbol, and comes first. */
static void
append_checks_of (IssRunSheet *self,
                  GString     *text,
                  IssServer   *server,
                  GTimeZone   *zone)
{
  g_autofree char *summary = iss_run_sheet_dup_checks_of (self, server);
  g_autofree char *seen = NULL;
  gint64 seen_at = G_MAXINT64;

  for (guint i = 0; i < self->checks->len; i++)
    {
      const IssRunCheck *check = self->checks->pdata[i];

      if (check->server == server && check->seen_at != 0)
        seen_at = MIN (seen_at, check->seen_at);
    }

  g_string_append_printf (text, "  %s", summary);
  if (seen_at != G_MAXINT64)
    {
      seen = iss_time_text_since (seen_at, self->now, zone);
      /* Translators: when something was seen */
      g_string_append_printf (text, _(" (seen %s)"), seen);
    }
  g_string_append_c (text, '\n');

  for (guint i = 0; i < self->checks->len; i++)
    {
      const IssRunCheck *check = self->checks->pdata[i];

      if (check->server == server && check->remedy != NULL && check->state != ISS_RUN_CHECK_GO)
        g_string_append_printf (text, "      → %s\n", check->remedy);
    }
}

static void
append_checks (IssRunSheet *self,
               GString     *text,
               GTimeZone   *zone)
{
  IssServer *last = NULL;

  append_checks_of (self, text, NULL, zone);
  for (guint i = 0; i < self->checks->len; i++)
    {
      const IssRunCheck *check = self->checks->pdata[i];

      if (check->server != NULL && check->server != last)
        append_checks_of (self, text, check->server, zone);
      last = check->server;
    }
}

static void
append_proof (IssRunSheet *self,
              GString     *text,
              GTimeZone   *zone)
{
  for (guint row = 0; row < iss_presence_get_n_servers (self->presence); row++)
    {
      IssServer *server = iss_presence_get_server (self->presence, row);
      g_autofree char *name = iss_server_dup_short_name (server);
      const IssPresenceCell *cell = iss_run_sheet_get_cell (self, row);

      g_string_append_printf (text, "  %s: %s", name, cell != NULL ? cell->word : _("none"));
      for (guint i = ISS_RUNG_RECEIVED; cell != NULL && i < ISS_N_RUNGS; i++)
        {
          g_auto(IssPresenceRung) rung = { ISS_RUNG_MARK_NONE, 0, NULL, NULL, NULL };

          iss_presence_rung_init (&rung, cell, (IssRung) i, self->now, zone);
          if (rung.mark != ISS_RUNG_MARK_NONE)
            g_string_append_printf (text, "; %s: %s", iss_rung_get_label ((IssRung) i),
                                    rung.text);
        }
      g_string_append_c (text, '\n');
    }
}

/**
 * iss_run_sheet_dup_text:
 * @self: a sheet
 * @zone: (nullable): the zone to show instants in; %NULL is UTC
 *
 * Returns: (transfer full): the whole sheet as text
 */
char *
iss_run_sheet_dup_text (IssRunSheet *self,
                        GTimeZone   *zone)
{
  g_autoptr(GString) text = NULL;

  g_return_val_if_fail (ISS_IS_RUN_SHEET (self), NULL);

  text = g_string_new (self->headline);
  g_string_append_printf (text, "\n\n%s %s\n", _("Ready?"), self->verdict);
  append_checks (self, text, zone);
  g_string_append_printf (text, "\n%s %s\n", _("Do:"), self->action_text);
  if (self->shell_line != NULL)
    g_string_append_printf (text, "  %s\n", self->shell_line);
  /* Translators: "current" or "staged" */
  g_string_append_printf (text, _("\nProve: how far the %s certificate has come\n"),
                          iss_slot_get_label (self->slot));
  append_proof (self, text, zone);
  g_string_append_printf (text, "\n%s %s\n", _("Way back:"), self->way_back);

  return g_string_free (g_steal_pointer (&text), FALSE);
}
