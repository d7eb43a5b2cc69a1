/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib-unix.h>
#include <glib/gi18n.h>
#include <signal.h>

#include "app/ctl/central.h"
#include "app/ctl/verb.h"
#include "core/central/replicator.h"

static const char *const options[] = { "pool", "watch", NULL };

/* Seconds: when nothing fails and nothing changes, the servers are asked again. */
#define LONGEST_WAIT 60

/* What wakes the one that waits. */
typedef struct
{
  IssCentralStore *store;      /* borrowed */
  char            *prefix;
  guint64          seen;       /* the newest decision that was served */
  gboolean         is_due;
  gboolean         is_over;
} Watch;

static gboolean
due_cb (gpointer user_data)
{
  Watch *watch = user_data;

  watch->is_due = TRUE;

  return G_SOURCE_REMOVE;
}

static gboolean
over_cb (gpointer user_data)
{
  Watch *watch = user_data;

  watch->is_over = TRUE;

  return G_SOURCE_CONTINUE;
}

/* What this program itself notes there wakes nobody. */
static guint64
get_newest (Watch *watch)
{
  g_autoptr(GPtrArray) entries = NULL;

  entries = iss_central_engine_list_since (iss_central_store_get_engine (watch->store),
                                           watch->prefix, watch->seen, NULL);
  if (entries == NULL || entries->len == 0)
    return watch->seen;

  return ((IssCentralEntry *) entries->pdata[entries->len - 1])->revision;
}

static void
changed_cb (Watch *watch)
{
  if (get_newest (watch) > watch->seen)
    watch->is_due = TRUE;
}

/* Until the first failed server is to be tried again. */
static guint
get_wait (GPtrArray *reports,
          gint64     now)
{
  gint64 wait = LONGEST_WAIT;

  for (guint i = 0; reports != NULL && i < reports->len; i++)
    {
      const gint64 next = iss_replica_report_get_next_try (reports->pdata[i],
                                                           g_random_double ());

      if (next != 0)
        wait = MIN (wait, MAX (next - now, 1));
    }

  return (guint) wait;
}

static GPtrArray *
run_pass (CtlContext    *context,
          IssReplicator *replicator)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  GPtrArray *reports;

  iss_replicator_run_async (replicator, NULL, FALSE, NULL, ctl_context_result_cb, context);
  result = ctl_context_wait (context);
  reports = iss_replicator_run_finish (replicator, result, &error);
  if (reports == NULL)
    ctl_context_warn (context, error->message);

  for (guint i = 0; reports != NULL && i < reports->len; i++)
    {
      const IssReplicaReport *report = g_ptr_array_index (reports, i);

      if (report->error != NULL)
        ctl_context_warn (context, report->error);
    }

  return reports;
}

static CtlExitStatus
serve (CtlContext *context,
       CtlCentral *central)
{
  g_autoptr(IssReplicator) replicator = iss_replicator_new (central->store, central->pool);
  g_autofree char *prefix = g_strdup_printf ("pool/%s/wanted/", iss_pool_get_name (central->pool));
  Watch watch = { .store = central->store, .prefix = prefix };
  IssCentralEngine *engine = iss_central_store_get_engine (central->store);
  const guint term = g_unix_signal_add (SIGTERM, over_cb, &watch);
  const guint interrupt = g_unix_signal_add (SIGINT, over_cb, &watch);

  g_signal_connect_swapped (engine, "changed", G_CALLBACK (changed_cb), &watch);
  while (!watch.is_over)
    {
      g_autoptr(GPtrArray) reports = NULL;
      guint timer;

      watch.seen = get_newest (&watch);
      watch.is_due = FALSE;
      reports = run_pass (context, replicator);
      timer = g_timeout_add_seconds (get_wait (reports, ctl_context_get_now (context)), due_cb,
                                     &watch);
      while (!watch.is_due && !watch.is_over)
        g_main_context_iteration (NULL, TRUE);
      if (g_main_context_find_source_by_id (NULL, timer) != NULL)
        g_source_remove (timer);
    }

  g_signal_handlers_disconnect_by_data (engine, &watch);
  g_source_remove (term);
  g_source_remove (interrupt);

  return CTL_EXIT_STATUS_DONE;
}

static CtlExitStatus
replicate (CtlContext *context)
{
  g_auto(CtlCentral) central = { NULL };
  g_autoptr(GError) error = NULL;

  if (!ctl_central_open (context, &central, NULL, &error))
    return ctl_context_fail (context, error);

  return ctl_context_has (context, "watch") ? serve (context, &central)
                                            : ctl_central_replicate (context, &central, NULL,
                                                                     FALSE);
}

const CtlVerb ctl_replicate_verb =
{
  .name = "replicate",
  .summary = N_("Bring what is assigned globally to the servers of a pool; --watch stays"),
  .words = "",
  .options = options,
  .run = replicate,
};
