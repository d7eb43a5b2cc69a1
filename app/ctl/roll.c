/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ctl/roll.h"

#include <glib/gi18n.h>
#include <string.h>

#include "app/ctl/job-output.h"
#include "core/base/error.h"
#include "core/pool/clock-check.h"
#include "core/pool/pool-roll.h"
#include "core/pool/roll-gate.h"
#include "core/pool/run-check.h"
#include "core/pool/server-zone.h"

/**
 * ctl_roll_read:
 * @context: a context
 * @out_date: (out) (nullable): when it shall become current; %NULL: at once
 * @error: return location for an error: %ISS_ERROR_INVALID_ARGUMENT
 *
 * Reads --roll and --effective-date, which go together.
 *
 * Returns: whether they can be understood
 */
gboolean
ctl_roll_read (CtlContext        *context,
               IssEffectiveDate **out_date,
               GError           **error)
{
  const char *typed = ctl_context_get (context, "effective-date");

  *out_date = NULL;
  if (!ctl_context_has (context, "roll") && typed == NULL)
    return TRUE;

  if (typed == NULL)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                           _("--roll needs --effective-date: when the certificate becomes "
                             "current"));
      return FALSE;
    }

  if (!ctl_context_has (context, "roll"))
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                           _("--effective-date goes with --roll: without both the certificate is "
                             "current at once"));
      return FALSE;
    }

  *out_date = iss_effective_date_parse (typed, ctl_context_get_zone (context), NULL, error);

  return *out_date != NULL;
}

/* What the whole pool must use alike waits until all are ready. */
static gboolean
is_held (CtlContext        *context,
         const char *const *types)
{
  if (ctl_context_has (context, "unconditional"))
    return FALSE;

  for (guint i = 0; types[i] != NULL; i++)
    {
      const IssCertificateType *type = iss_certificate_type_find (types[i]);

      if (type != NULL && type->pool_wide)
        return TRUE;
    }

  return FALSE;
}

static gboolean
record (CtlContext  *context,
        IssPool     *pool,
        IssJob      *job,
        gboolean    *out_agreed,
        GError     **error)
{
  return ctl_context_has (context, "what-if") ||
         iss_pool_assign_record (ctl_context_get_workspace (context), pool, job,
                                 ctl_context_get_who (context), out_agreed, error);
}

/**
 * ctl_roll_run:
 * @context: a context
 * @pool: the servers' pool
 * @servers: (element-type IssServer): where
 * @request: what to change
 *
 * Makes one change on servers, prints what became of it, and records it.
 *
 * Returns: the exit status
 */
CtlExitStatus
ctl_roll_run (CtlContext             *context,
              IssPool                *pool,
              GPtrArray              *servers,
              const IssAssignRequest *request)
{
  g_autoptr(IssJob) job = iss_pool_assign_new_change (pool, servers, request);
  g_autoptr(GError) error = NULL;
  gboolean agreed = FALSE;
  CtlExitStatus status;

  ctl_context_run_job (context, job);
  status = ctl_job_output_print (context, job, "set-certificate");

  if (!record (context, pool, job, &agreed, &error))
    return ctl_context_fail (context, error);
  if (agreed)
    g_printerr (_("%s agrees on this certificate now.\n"), iss_pool_get_name (pool));

  return status;
}

/* (nullable): of --except */
static char **
split_excepted (CtlContext *context)
{
  const char *typed = ctl_context_get (context, "except");
  char **names = typed != NULL ? g_strsplit (typed, ",", -1) : NULL;

  for (guint i = 0; names != NULL && names[i] != NULL; i++)
    g_strstrip (names[i]);

  return names;
}

static GPtrArray *
dup_concerned (IssPool           *pool,
               GPtrArray         *servers,
               const char *const *excepted)
{
  const guint n = servers != NULL ? servers->len : iss_pool_get_n_servers (pool);
  GPtrArray *concerned = g_ptr_array_new ();

  for (guint i = 0; i < n; i++)
    {
      IssServer *server = servers != NULL ? servers->pdata[i] : iss_pool_get_server (pool, i);

      if (!iss_roll_gate_is_excepted (server, excepted))
        g_ptr_array_add (concerned, server);
    }

  return concerned;
}

/**
 * ctl_roll_check_clocks:
 * @context: a context
 * @pool: a pool
 * @servers: (nullable) (element-type IssServer): those of it that are concerned; %NULL: all
 *
 * Looks at the servers, and judges those that --except does not name. At one instant, by clocks
 * that differ, they would roll at several.
 *
 * Returns: whether they may roll, or --force says that they shall; what is in the way is said
 */
gboolean
ctl_roll_check_clocks (CtlContext *context,
                       IssPool    *pool,
                       GPtrArray  *servers)
{
  g_auto(GStrv) excepted = split_excepted (context);
  g_autoptr(GPtrArray) concerned = dup_concerned (pool, servers, (const char *const *) excepted);
  g_autoptr(GError) error = NULL;

  if (servers != NULL)
    ctl_context_look_at (context, servers);
  else
    ctl_context_look (context, pool, NULL);

  if (iss_clock_check_roll (concerned, ctl_context_has (context, "force"), &error))
    return TRUE;

  ctl_context_fail (context, error);

  return FALSE;
}

/* Nothing can be armed where nothing is staged, on no server: then that is all there is to say. */
static gboolean
is_staged (CtlContext        *context,
           IssPool           *pool,
           const char *const *types)
{
  g_autofree char *where = ctl_context_dup_where (context);

  for (guint i = 0; types[i] != NULL; i++)
    {
      if (iss_run_check_is_staged (pool, types[i], NULL))
        continue;

      /* Translators: a certificate type, "--demo " or nothing, a pool, the type again */
      g_printerr (_("issuantctl: Nothing is staged for %s on any server that was seen: there is no "
                    "roll to arm. Stage a certificate first: issuantctl %sset-certificate --pool "
                    "%s --type %s --thumbprint … --roll --effective-date …\n"), types[i], where,
                  iss_pool_get_name (pool), types[i]);
      return FALSE;
    }

  return TRUE;
}

static void
say_how_to_arm (CtlContext *context,
                IssPool    *pool,
                const char *type)
{
  g_autofree char *where = ctl_context_dup_where (context);

  /* Translators: "--demo " or nothing, a pool, a certificate type */
  g_printerr (_("Once they are ready, or to go without them (--except), arm it: issuantctl "
                "%sset-certificate --pool %s --type %s --arm\n"), where,
              iss_pool_get_name (pool), type);
}

/* Whether every server of the pool is ready for each of the types; who is not is said. */
static gboolean
is_open (CtlContext        *context,
         IssPool           *pool,
         const char *const *types)
{
  g_auto(GStrv) excepted = split_excepted (context);

  for (guint i = 0; types[i] != NULL; i++)
    {
      const IssCertificateType *type = iss_certificate_type_find (types[i]);
      g_autoptr(GPtrArray) lines = NULL;
      g_autofree char *reason = NULL;
      g_autofree char *remedy = NULL;
      g_autofree char *typed = NULL;
      gboolean is_held = FALSE;

      if (type == NULL || !type->pool_wide)
        continue;

      lines = iss_roll_gate_list (pool, types[i], (const char *const *) excepted);
      reason = iss_roll_gate_dup_reason (lines);
      if (iss_roll_gate_is_open (lines))
        continue;

      iss_run_check_is_staged (pool, types[i], &is_held);
      if (is_held)
        /* Translators: a certificate type, and which servers are not ready, and why */
        g_printerr (_("The roll of %s is held: not armed. %s.\n"), types[i], reason);
      else
        /* Translators: as above */
        g_printerr (_("The roll of %s is armed and comes at its instant, though not all are ready "
                      "for it. %s. Put that right before, or postpone or cancel it.\n"), types[i],
                    reason);
      remedy = iss_roll_gate_dup_remedy (lines);
      typed = remedy != NULL ? ctl_context_dup_lines (context, remedy) : NULL;
      if (typed != NULL)
        g_printerr ("%s\n", typed);
      if (is_held)
        say_how_to_arm (context, pool, types[0]);
      return FALSE;
    }

  return TRUE;
}

/**
 * ctl_roll_arm:
 * @context: a context
 * @pool: the servers' pool
 * @servers: (element-type IssServer): where something is staged
 * @types: names of certificate types
 *
 * Arms a roll, if every server of the pool that is not excepted by name has published the staged
 * key.
 *
 * Returns: the exit status; %CTL_EXIT_STATUS_REFUSED if it stays held
 */
CtlExitStatus
ctl_roll_arm (CtlContext        *context,
              IssPool           *pool,
              GPtrArray         *servers,
              const char *const *types)
{
  const IssAssignRequest request =
    { .kind = ISS_TRANSITION_ARM, .types = types,
      .what_if = ctl_context_has (context, "what-if") };

  if (!ctl_roll_check_clocks (context, pool, NULL) || !is_staged (context, pool, types))
    return CTL_EXIT_STATUS_REFUSED;

  if (!is_open (context, pool, types))
    return CTL_EXIT_STATUS_REFUSED;

  return ctl_roll_run (context, pool, servers, &request);
}

/* What happens when, for those who read it. */
static void
print_schedule (CtlContext *context,
                GPtrArray  *servers,
                const char *type)
{
  g_autoptr(IssPoolRoll) roll = iss_pool_roll_find (servers, type, ctl_context_get_now (context));
  g_autoptr(IssRollSchedule) schedule = NULL;
  g_autofree char *text = NULL;

  if (roll == NULL || ctl_context_wants_json (context))
    return;

  schedule = iss_pool_roll_make_schedule (roll, ctl_context_get_zone (context));
  text = iss_roll_schedule_dup_text (schedule);
  ctl_context_print (context, "\n");
  ctl_context_print (context, text);
  ctl_context_print (context, "\n");
}

/* What the instant is there, where that reads otherwise than here. */
static void
print_zones (GPtrArray  *servers,
             gint64      instant,
             const char *echo)
{
  g_autoptr(GPtrArray) lines = iss_server_zone_list (servers, instant);

  for (guint i = 0; i < lines->len; i++)
    {
      const IssServerZone *line = g_ptr_array_index (lines, i);

      if (strcmp (line->text, echo) != 0)
        /* Translators: servers, an instant */
        g_printerr (_("By the clocks of %s that is %s.\n"), line->servers, line->text);
    }
}

/* When, as it was understood. */
static void
say_instant (CtlContext       *context,
             GPtrArray        *servers,
             IssEffectiveDate *date)
{
  g_autofree char *echo = iss_effective_date_dup_echo (date);

  if (ctl_context_has (context, "what-if"))
    g_printerr (_("It would become current on %s.\n"), echo);
  else
    g_printerr (_("It becomes current on %s.\n"), echo);
  print_zones (servers, iss_effective_date_get_instant (date), echo);
}

/* Arms what was just staged, and says only who is not ready: what was done on each server is
 * printed already. */
static CtlExitStatus
arm_quietly (CtlContext        *context,
             IssPool           *pool,
             GPtrArray         *servers,
             const char *const *types)
{
  const IssAssignRequest request = { .kind = ISS_TRANSITION_ARM, .types = types };
  g_autoptr(IssJob) job = NULL;
  g_autoptr(GError) error = NULL;

  if (!is_open (context, pool, types))
    return CTL_EXIT_STATUS_PARTLY;

  job = iss_pool_assign_new_change (pool, servers, &request);
  ctl_context_run_job (context, job);
  if (!record (context, pool, job, NULL, &error))
    return ctl_context_fail (context, error);

  g_printerr (ngettext ("Armed on %u of %u server.\n", "Armed on %u of %u servers.\n",
                        servers->len),
              iss_job_get_n_in_state (job, ISS_JOB_DONE), servers->len);

  return ctl_exit_status_of_job (job);
}

/**
 * ctl_roll_stage:
 * @context: a context
 * @pool: the servers' pool
 * @servers: (element-type IssServer): where
 * @types: names of certificate types
 * @sha256: the certificate
 * @date: when it shall become current
 *
 * Stages a certificate; for a type that the whole pool must use alike the roll is armed only when
 * every server has published the staged key.
 *
 * Returns: the exit status
 */
CtlExitStatus
ctl_roll_stage (CtlContext        *context,
                IssPool           *pool,
                GPtrArray         *servers,
                const char *const *types,
                GBytes            *sha256,
                IssEffectiveDate  *date)
{
  const gboolean held = is_held (context, types);
  g_autofree GBytes **each = g_new (GBytes *, g_strv_length ((char **) types));
  IssAssignRequest request =
    {
      .kind = ISS_TRANSITION_STAGE, .types = types, .sha256 = each,
      .instant = iss_effective_date_get_instant (date),
      .typed = iss_effective_date_get_typed (date), .zone = iss_effective_date_get_zone (date),
      .held = held, .force = ctl_context_has (context, "force"),
      .what_if = ctl_context_has (context, "what-if"),
    };
  CtlExitStatus status, armed;

  /* What is held is armed for the whole pool. */
  if (!ctl_roll_check_clocks (context, pool, held ? NULL : servers))
    return CTL_EXIT_STATUS_REFUSED;

  for (guint i = 0; types[i] != NULL; i++)
    each[i] = sha256;

  status = ctl_roll_run (context, pool, servers, &request);
  if (status != CTL_EXIT_STATUS_DONE && status != CTL_EXIT_STATUS_PARTLY)
    return status;

  say_instant (context, servers, date);
  if (request.what_if)
    return status;

  ctl_context_look (context, pool, NULL);
  armed = held ? arm_quietly (context, pool, servers, types) : CTL_EXIT_STATUS_DONE;
  print_schedule (context, servers, types[0]);

  return status == CTL_EXIT_STATUS_DONE ? armed : status;
}

/**
 * ctl_roll_postpone:
 * @context: a context
 * @pool: the servers' pool
 * @servers: (element-type IssServer): where something is staged
 * @types: names of certificate types
 * @date: when it shall become current instead
 *
 * Has what is staged roll at another instant.
 *
 * Returns: the exit status
 */
CtlExitStatus
ctl_roll_postpone (CtlContext        *context,
                   IssPool           *pool,
                   GPtrArray         *servers,
                   const char *const *types,
                   IssEffectiveDate  *date)
{
  const IssAssignRequest request =
    {
      .kind = ISS_TRANSITION_POSTPONE, .types = types,
      .instant = iss_effective_date_get_instant (date),
      .typed = iss_effective_date_get_typed (date), .zone = iss_effective_date_get_zone (date),
      .force = ctl_context_has (context, "force"),
      .what_if = ctl_context_has (context, "what-if"),
    };
  CtlExitStatus status;

  if (!ctl_roll_check_clocks (context, pool, NULL))
    return CTL_EXIT_STATUS_REFUSED;

  status = ctl_roll_run (context, pool, servers, &request);
  if (status == CTL_EXIT_STATUS_DONE || status == CTL_EXIT_STATUS_PARTLY)
    say_instant (context, servers, date);

  return status;
}
