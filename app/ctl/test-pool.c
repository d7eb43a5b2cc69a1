/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>
#include <math.h>

#include "app/ctl/as-of.h"
#include "app/ctl/presence-output.h"
#include "app/ctl/verb.h"
#include "core/base/error.h"
#include "core/base/time-text.h"
#include "core/pool/clock-check.h"
#include "core/pool/overview-fact.h"
#include "core/pool/pool-proof.h"
#include "core/pool/presence.h"

#define DAY 86400

static const char *const options[] = { "pool", "type", "as-of", "nagios", NULL };

/* Exit statuses of monitoring plugins. */
typedef enum
{
  PLUGIN_OK       = 0,
  PLUGIN_WARNING  = 1,
  PLUGIN_CRITICAL = 2,
  PLUGIN_UNKNOWN  = 3
} PluginStatus;

/* What was found. */
typedef struct
{
  IssPool     *pool;         /* borrowed */
  IssPresence *presence;     /* owned */
  IssOverview *overview;     /* owned */
  gint64       at;           /* 0 = as it was seen */
  guint        n_servers;
  guint        n_answering;
  guint        n_proofs;
  guint        n_proved;
} Finding;

static void
finding_clear (Finding *self)
{
  g_clear_object (&self->presence);
  g_clear_object (&self->overview);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Finding, finding_clear)

static gboolean
is_wrong (const IssOverviewFact *fact)
{
  return fact->level >= ISS_OVERVIEW_WARNING;
}

/* Whether it is about the one type that was asked about, or about no type. */
static gboolean
concerns (CtlContext            *context,
          const IssOverviewFact *fact)
{
  const char *typed = ctl_context_get (context, "type");
  const IssCertificateType *type = typed != NULL ? iss_certificate_type_find (typed) : NULL;
  const IssCertificateType *its;
  g_auto(GStrv) subjects = NULL;

  if (type == NULL)
    return TRUE;

  /* A certificate that was imported by hand has no type. */
  if (fact->remedy == ISS_REMEDY_MAKE_GLOBAL)
    return FALSE;

  if (fact->remedy == ISS_REMEDY_PRESENCE && fact->target != NULL)
    return iss_certificate_type_find (fact->target) == type;

  subjects = g_strsplit (fact->subject, ", ", -1);
  for (guint i = 0; subjects[i] != NULL; i++)
    {
      its = iss_certificate_type_find (subjects[i]);
      if (its == NULL || its == type)
        return TRUE;
    }

  return FALSE;
}

static IssOverviewLevel
get_level (CtlContext *context,
           Finding    *finding)
{
  IssOverviewLevel level = ISS_OVERVIEW_GOOD;

  for (guint i = 0; i < iss_overview_get_n_facts (finding->overview); i++)
    {
      const IssOverviewFact *fact = iss_overview_get_fact (finding->overview, i);

      if (concerns (context, fact))
        level = MAX (level, fact->level);
    }

  return level;
}

static void
print_json (CtlContext *context,
            Finding    *finding)
{
  g_autoptr(IssJsonText) json = iss_json_text_new (TRUE);
  g_autofree char *as_of = finding->at != 0 ? iss_time_text_iso (finding->at) : NULL;
  g_autofree char *text = NULL;
  IssOverviewLevel level = get_level (context, finding);

  iss_json_text_begin_object (json);
  iss_json_text_name_integer (json, "format", 1);
  iss_json_text_name_string (json, "pool", iss_pool_get_name (finding->pool));
  iss_json_text_name_string (json, "asOf", as_of);
  iss_json_text_name_boolean (json, "good", level == ISS_OVERVIEW_GOOD);
  iss_json_text_name_string (json, "answer", iss_overview_get_answer (finding->overview));
  iss_json_text_name_integer (json, "servers", finding->n_servers);
  iss_json_text_name_integer (json, "answering", finding->n_answering);
  iss_json_text_name_integer (json, "proofs", finding->n_proofs);
  iss_json_text_name_integer (json, "proved", finding->n_proved);
  iss_json_text_name (json, "facts");
  iss_json_text_begin_array (json);
  for (guint i = 0; i < iss_overview_get_n_facts (finding->overview); i++)
    {
      static const char *const nicks[] = { "good", "unknown", "warning", "error" };
      const IssOverviewFact *fact = iss_overview_get_fact (finding->overview, i);

      if (!concerns (context, fact))
        continue;

      iss_json_text_begin_object (json);
      iss_json_text_name_string (json, "level", nicks[fact->level]);
      iss_json_text_name_string (json, "subject", fact->subject);
      iss_json_text_name_string (json, "sentence", fact->sentence);
      iss_json_text_name_string (json, "advice", fact->advice);
      iss_json_text_end_object (json);
    }
  iss_json_text_end_array (json);
  ctl_presence_output_add_cells (json, finding->presence, ctl_context_get_now (context));
  iss_json_text_end_object (json);
  text = iss_json_text_finish (json);
  ctl_context_print (context, text);
  ctl_context_print (context, "\n");
}

static void
print_text (CtlContext *context,
            Finding    *finding)
{
  gboolean is_first = TRUE;

  ctl_presence_output_print_table (context, finding->presence);
  for (guint i = 0; i < iss_overview_get_n_facts (finding->overview); i++)
    {
      const IssOverviewFact *fact = iss_overview_get_fact (finding->overview, i);
      g_autofree char *line = NULL;

      if (!is_wrong (fact) || !concerns (context, fact))
        continue;

      if (is_first)
        ctl_context_print (context, _("\nNot as it should be:\n"));
      is_first = FALSE;
      line = g_strdup_printf ("  [%s] %s%s%s\n", iss_overview_level_get_label (fact->level),
                              fact->subject, *fact->subject != '\0' ? ": " : "", fact->sentence);
      ctl_context_print (context, line);
    }

  ctl_presence_output_print_remedies (context, finding->pool, finding->presence);
  if (is_first && get_level (context, finding) == ISS_OVERVIEW_GOOD)
    ctl_context_print (context, _("\nEverything is as it should be.\n"));

  if (finding->n_proofs > 0)
    {
      g_autofree char *proved =
        g_strdup_printf (ngettext ("%u of %u private key was proved.\n",
                                   "%u of %u private keys were proved.\n", finding->n_proofs),
                         finding->n_proved, finding->n_proofs);

      ctl_context_print (context, proved);
    }
}

/* Until the first current certificate ends; G_MAXINT64: none is known. */
static gint64
find_days (CtlContext *context,
           Finding    *finding)
{
  gint64 first = G_MAXINT64;

  for (guint row = 0; row < iss_presence_get_n_servers (finding->presence); row++)
    for (guint i = 0; i < iss_presence_get_n_columns (finding->presence); i++)
      {
        const IssPresenceCell *cell = iss_presence_get_cell (finding->presence, row, i);

        if (cell->slot == ISS_SLOT_CURRENT && cell->not_after != 0)
          first = MIN (first, cell->not_after);
      }

  if (first == G_MAXINT64)
    return first;

  return (gint64) floor ((gdouble) (first - ctl_context_get_now (context)) / DAY);
}

static PluginStatus
get_plugin_status (CtlContext *context,
                   Finding    *finding)
{
  if (finding->n_answering == 0)
    return PLUGIN_UNKNOWN;

  switch (get_level (context, finding))
    {
    case ISS_OVERVIEW_GOOD:
      return PLUGIN_OK;

    case ISS_OVERVIEW_UNKNOWN:
      return PLUGIN_UNKNOWN;

    case ISS_OVERVIEW_WARNING:
      return PLUGIN_WARNING;

    case ISS_OVERVIEW_ERROR:
    case ISS_N_OVERVIEW_LEVELS:
      break;
    }

  return PLUGIN_CRITICAL;
}

/* The worst facts first. */
static char *
dup_nagios_text (CtlContext *context,
                 Finding    *finding)
{
  g_autoptr(GString) text = g_string_new (NULL);

  for (int level = ISS_OVERVIEW_ERROR; level >= ISS_OVERVIEW_WARNING; level--)
    for (guint i = 0; i < iss_overview_get_n_facts (finding->overview); i++)
      {
        const IssOverviewFact *fact = iss_overview_get_fact (finding->overview, i);

        if ((int) fact->level != level || !concerns (context, fact))
          continue;

        /* Some facts are sentences. */
        if (g_str_has_suffix (text->str, "."))
          g_string_truncate (text, text->len - 1);
        g_string_append_printf (text, "%s%s%s%s", text->len > 0 ? "; " : "", fact->subject,
                                *fact->subject != '\0' ? ": " : "", fact->sentence);
      }

  if (text->len == 0)
    g_string_assign (text, iss_overview_get_answer (finding->overview));

  /* A bar would begin the figures, a newline the rest that nobody reads. */
  g_strdelimit (text->str, "|\n\r", ' ');
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* "OK - text | 'label'=value;warn;crit;min;max …", as monitoring plugins say it. */
static PluginStatus
print_nagios (CtlContext *context,
              Finding    *finding)
{
  static const char *const words[] = { "OK", "WARNING", "CRITICAL", "UNKNOWN" };
  PluginStatus status = get_plugin_status (context, finding);
  g_autofree char *text = dup_nagios_text (context, finding);
  g_autofree char *offset = NULL;
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  gint64 days = find_days (context, finding);
  gdouble worst = 0;

  g_free (iss_clock_check_dup_warning (finding->pool, &worst, NULL));
  offset = g_strdup (g_ascii_formatd (number, sizeof number, "%.3f", worst));
  g_print ("%s - %s | answering=%u;%u:;1:;0;%u proved=%u;%u:;;0;%u clock_offset=%ss;%d;%d;0",
           words[status], text, finding->n_answering, finding->n_servers, finding->n_servers,
           finding->n_proved, finding->n_proofs, finding->n_proofs, offset,
           ISS_CLOCK_CHECK_WARNING, ISS_CLOCK_CHECK_LIMIT);
  if (days != G_MAXINT64)
    g_print (" days_valid=%" G_GINT64_FORMAT ";%d:;0:", days, ISS_OVERVIEW_SOON / DAY);
  g_print ("\n");

  return status;
}

/* Looks, has the keys proved, and sees what is in use. */
static void
look (CtlContext *context,
      Finding    *finding,
      const char *type,
      GPtrArray  *servers)
{
  g_autoptr(IssJob) proving = NULL;

  ctl_context_look (context, finding->pool, NULL);

  if (finding->at == 0)
    {
      proving = iss_pool_proof_new (servers, type, NULL);
      ctl_context_run_job (context, proving);
      ctl_presence_output_ask (context, finding->pool, servers);
    }

  for (guint i = 0; i < servers->len; i++)
    {
      IssServer *server = servers->pdata[i];
      GPtrArray *proofs = proving != NULL ? iss_pool_proof_get_proofs (proving, server) : NULL;

      finding->n_answering += iss_server_is_answering (server);
      for (guint k = 0; proofs != NULL && k < proofs->len; k++)
        finding->n_proved += ((const IssServerProof *) proofs->pdata[k])->failure == NULL;
      finding->n_proofs += proofs != NULL ? proofs->len : 0;
    }
}

static CtlExitStatus
fail (CtlContext   *context,
      const GError *error)
{
  if (!ctl_context_has (context, "nagios"))
    return ctl_context_fail (context, error);

  g_print ("UNKNOWN - %s\n", error->message);
  return (CtlExitStatus) PLUGIN_UNKNOWN;
}

static CtlExitStatus
test_pool (CtlContext *context)
{
  const char *type_name = ctl_context_get (context, "type");
  const IssCertificateType *type = NULL;
  g_auto(Finding) finding = { NULL };
  g_autoptr(GPtrArray) servers = NULL;
  g_autoptr(GError) error = NULL;
  gint64 now = ctl_context_get_now (context);

  if (ctl_context_has (context, "nagios") && ctl_context_wants_json (context))
    {
      g_printerr (_("issuantctl: --nagios and --json print different things: say one of them\n"));
      return CTL_EXIT_STATUS_WRONG_USE;
    }

  if (type_name != NULL)
    type = iss_certificate_type_parse (type_name, &error);
  if (error != NULL || !ctl_as_of_get (context, &finding.at, &error))
    return fail (context, error);

  servers = ctl_context_dup_servers (context, FALSE, &finding.pool, &error);
  if (servers == NULL)
    return fail (context, error);

  finding.n_servers = servers->len;
  look (context, &finding, type != NULL ? type->name : NULL, servers);
  finding.presence = iss_presence_new_at (finding.pool, type != NULL ? type->name : NULL, now,
                                          finding.at, ctl_context_get_zone (context));
  finding.overview = iss_overview_new_at (finding.pool, now, finding.at,
                                          ctl_context_get_zone (context));

  if (ctl_context_has (context, "nagios"))
    return (CtlExitStatus) print_nagios (context, &finding);

  if (ctl_context_wants_json (context))
    print_json (context, &finding);
  else
    print_text (context, &finding);

  if (finding.n_answering == 0)
    return CTL_EXIT_STATUS_NOT_REACHED;

  return get_level (context, &finding) == ISS_OVERVIEW_GOOD ? CTL_EXIT_STATUS_DONE
                                                            : CTL_EXIT_STATUS_FAILED;
}

const CtlVerb ctl_test_pool_verb =
{
  .name = "test-pool",
  .summary = N_("Say what is not as it should be, with proofs; for cron and monitoring"),
  .words = "",
  .options = options,
  .run = test_pool,
};
