/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ctl/context.h"

#include <glib/gi18n.h>
#include <string.h>

#include "core/agent/programs.h"
#include "core/base/error.h"
#include "core/base/time-text.h"
#include "core/pool/demo.h"
#include "core/pool/replication-warning.h"

struct _CtlContext
{
  CtlCommandLine  *command_line;   /* borrowed */
  IssWorkspace    *workspace;
  IssClock        *clock;
  GTimeZone       *zone;
  GAsyncResult    *result;         /* (nullable): what came last */
};

static IssClock *
make_clock (CtlCommandLine  *command_line,
            GError         **error)
{
  const char *at = ctl_command_line_get (command_line, "at");
  gint64 instant;

  if (at == NULL)
    return iss_clock_new_system ();

  if (!ctl_command_line_has (command_line, "demo"))
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                           _("--at goes with --demo only: real servers have their own clocks"));
      return NULL;
    }

  if (!iss_time_text_parse (at, &instant, error))
    {
      g_prefix_error (error, "--at: ");
      return NULL;
    }

  return iss_clock_new_fixed (instant);
}

/* Makes the demo pool if it is missing, and gives the path of its topology. */
static char *
prepare_demo (CtlCommandLine  *command_line,
              gint64           now,
              GError         **error)
{
  g_autofree char *folder = g_build_filename (g_get_user_data_dir (), "issuant", "demo", NULL);
  const char *seed = ctl_command_line_get (command_line, "seed");
  g_autofree char *random_seed = g_uuid_string_random ();
  IssDemoSpec spec = { .folder = folder, .seed = seed != NULL ? seed : random_seed, .at = now,
                       .reset = ctl_command_line_has (command_line, "reset") };

  if (!iss_demo_prepare (&spec, NULL, error))
    return NULL;

  return iss_demo_dup_topology (folder);
}

static char *
dup_topology_path (CtlCommandLine  *command_line,
                   gint64           now,
                   GError         **error)
{
  const char *typed = ctl_command_line_get (command_line, "topology");
  gboolean demo = ctl_command_line_has (command_line, "demo");

  if (demo && typed != NULL)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                           _("--demo and --topology exclude each other"));
      return NULL;
    }

  if (!demo && (ctl_command_line_has (command_line, "seed") ||
                ctl_command_line_has (command_line, "reset")))
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                           _("--seed and --reset go with --demo"));
      return NULL;
    }

  if (demo)
    return prepare_demo (command_line, now, error);

  if (typed != NULL)
    return g_strdup (typed);

  return g_build_filename (g_get_user_config_dir (), "issuant", "topology.conf", NULL);
}

/**
 * ctl_context_free:
 * @self: (nullable): a context
 *
 * Frees it, closing every connection.
 */
void
ctl_context_free (CtlContext *self)
{
  if (self == NULL)
    return;

  g_clear_object (&self->result);
  g_clear_object (&self->workspace);
  g_clear_pointer (&self->clock, iss_clock_unref);
  g_clear_pointer (&self->zone, g_time_zone_unref);
  g_free (self);
}

/**
 * ctl_context_new:
 * @command_line: what was typed; it must stay while the context does
 * @program: the program's own path, to find the others
 * @error: return location for an error
 *
 * Reads the topology. Nothing is connected.
 *
 * Returns: (transfer full): the context, or %NULL with @error set
 */
CtlContext *
ctl_context_new (CtlCommandLine  *command_line,
                 const char      *program,
                 GError         **error)
{
  g_autoptr(CtlContext) self = g_new0 (CtlContext, 1);
  g_autofree char *agent = iss_programs_find (program, ISS_LIBEXECDIR, "issuant-agent");
  g_autofree char *cache = NULL;
  g_autofree char *path = NULL;
  g_autoptr(IssLaunch) launch = iss_launch_new (agent);

  self->command_line = command_line;
  self->zone = g_time_zone_new_local ();
  self->clock = make_clock (command_line, error);
  if (self->clock == NULL)
    return NULL;

  path = dup_topology_path (command_line, iss_clock_now (self->clock), error);
  if (path == NULL)
    return NULL;

  g_free (launch->who);
  launch->who = g_strdup (g_get_user_name ());
  if (iss_clock_is_fixed (self->clock))
    launch->at = iss_clock_now (self->clock);

  cache = ctl_command_line_has (command_line, "demo")
          ? g_build_filename (g_get_user_data_dir (), "issuant", "demo", "seen", NULL)
          : g_build_filename (g_get_user_cache_dir (), "issuant", "seen", NULL);
  self->workspace = iss_workspace_open (path, cache, launch, self->clock, error);
  if (self->workspace == NULL)
    return NULL;

  return g_steal_pointer (&self);
}

/**
 * ctl_context_new_local:
 * @command_line: what was typed; it must stay while the context does
 *
 * For a verb that looks at files only: no topology is read, and there are no pools.
 *
 * Returns: (transfer full): the context
 */
CtlContext *
ctl_context_new_local (CtlCommandLine *command_line)
{
  CtlContext *self = g_new0 (CtlContext, 1);

  self->command_line = command_line;
  self->zone = g_time_zone_new_local ();
  self->clock = iss_clock_new_system ();

  return self;
}

/**
 * ctl_context_get:
 * @self: a context
 * @option: an option's name
 *
 * Returns: (transfer none) (nullable): what was typed for it
 */
const char *
ctl_context_get (CtlContext *self,
                 const char *option)
{
  return ctl_command_line_get (self->command_line, option);
}

/**
 * ctl_context_has:
 * @self: a context
 * @option: an option's name
 *
 * Returns: whether it was typed
 */
gboolean
ctl_context_has (CtlContext *self,
                 const char *option)
{
  return ctl_command_line_has (self->command_line, option);
}

/**
 * ctl_context_get_command_line:
 * @self: a context
 *
 * Returns: (transfer none): what was typed
 */
CtlCommandLine *
ctl_context_get_command_line (CtlContext *self)
{
  return self->command_line;
}

/**
 * ctl_context_get_workspace:
 * @self: a context
 *
 * Returns: (transfer none): the pools
 */
IssWorkspace *
ctl_context_get_workspace (CtlContext *self)
{
  return self->workspace;
}

/**
 * ctl_context_get_now:
 * @self: a context
 *
 * Returns: the time, in seconds since 1970
 */
gint64
ctl_context_get_now (CtlContext *self)
{
  return iss_clock_now (self->clock);
}

/**
 * ctl_context_get_zone:
 * @self: a context
 *
 * Returns: (transfer none): the reader's time zone
 */
GTimeZone *
ctl_context_get_zone (CtlContext *self)
{
  return self->zone;
}

/**
 * ctl_context_get_who:
 * @self: a context
 *
 * Returns: (transfer none): who works with the program
 */
const char *
ctl_context_get_who (CtlContext *self)
{
  return g_get_user_name ();
}

/**
 * ctl_context_wants_json:
 * @self: a context
 *
 * Returns: whether the answer shall be JSON
 */
gboolean
ctl_context_wants_json (CtlContext *self)
{
  return ctl_context_has (self, "json");
}

/**
 * ctl_context_result_cb:
 * @object: (nullable): the source
 * @result: what came
 * @user_data: the context
 *
 * Keeps the result for ctl_context_wait().
 */
void
ctl_context_result_cb (GObject      *object,
                       GAsyncResult *result,
                       gpointer      user_data)
{
  CtlContext *self = user_data;

  g_set_object (&self->result, result);
}

/**
 * ctl_context_wait:
 * @self: a context
 *
 * Runs the main context until the operation begun last has ended.
 *
 * Returns: (transfer full): its result
 */
GAsyncResult *
ctl_context_wait (CtlContext *self)
{
  while (self->result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return g_steal_pointer (&self->result);
}

/**
 * ctl_context_run_job:
 * @self: a context
 * @job: a job
 *
 * Runs the job to its end.
 */
void
ctl_context_run_job (CtlContext *self,
                     IssJob     *job)
{
  g_autoptr(GAsyncResult) result = NULL;

  iss_job_run_async (job, NULL, ctl_context_result_cb, self);
  result = ctl_context_wait (self);
  iss_job_run_finish (job, result, NULL);
}

/**
 * ctl_context_look:
 * @self: a context
 * @pool: a pool
 * @asked: (nullable) (element-type GBytes): certificates to ask about
 *
 * Looks at every server of the pool. Those that do not answer say so by their
 * state.
 */
void
ctl_context_look (CtlContext *self,
                  IssPool    *pool,
                  GPtrArray  *asked)
{
  g_autoptr(GAsyncResult) result = NULL;

  iss_pool_look_async (pool, asked, NULL, ctl_context_result_cb, self);
  result = ctl_context_wait (self);
  iss_pool_look_finish (pool, result, NULL, NULL);
}

static void
start_look (IssServer           *server,
            gpointer             unused,
            GCancellable        *cancellable,
            GAsyncReadyCallback  callback,
            gpointer             user_data)
{
  iss_server_look_async (server, NULL, cancellable, callback, user_data);
}

static char *
finish_look (IssServer     *server,
             gpointer       unused,
             GAsyncResult  *result,
             GError       **error)
{
  return iss_server_look_finish (server, result, error) ? g_strdup ("") : NULL;
}

/**
 * ctl_context_look_at:
 * @self: a context
 * @servers: (element-type IssServer): servers
 *
 * Looks at these servers only.
 */
void
ctl_context_look_at (CtlContext *self,
                     GPtrArray  *servers)
{
  g_autoptr(IssJob) job = iss_job_new (servers, start_look, finish_look, NULL, NULL);

  ctl_context_run_job (self, job);
}

/**
 * ctl_context_print:
 * @self: a context
 * @text: what to print, with its newline
 *
 * Prints the answer to standard output.
 */
void
ctl_context_print (CtlContext *self,
                   const char *text)
{
  g_print ("%s", text);
}

/**
 * ctl_context_warn:
 * @self: a context
 * @text: a sentence
 *
 * Prints a warning to standard error.
 */
void
ctl_context_warn (CtlContext *self,
                  const char *text)
{
  g_printerr (_("Warning: %s\n"), text);
}

/**
 * ctl_context_dup_where:
 * @self: a context
 *
 * Returns: (transfer full): what stands before the verb in a line to be typed, so that it is
 *   about the same servers: "", "--demo " or "--topology FILE "
 */
char *
ctl_context_dup_where (CtlContext *self)
{
  const char *path = ctl_context_get (self, "topology");
  g_autofree char *quoted = NULL;

  if (ctl_context_has (self, "demo"))
    return g_strdup ("--demo ");
  if (path == NULL)
    return g_strdup ("");

  quoted = g_shell_quote (path);
  return g_strdup_printf ("--topology %s ", quoted);
}

/**
 * ctl_context_dup_lines:
 * @self: a context
 * @text: lines, some of them to be typed: "issuantctl …", with or without an arrow before them
 *
 * Returns: (transfer full): @text, with what ctl_context_dup_where() says in those
 */
char *
ctl_context_dup_lines (CtlContext *self,
                       const char *text)
{
  const char *program = "issuantctl ";
  const char *arrow = "→ ";
  g_autofree char *where = ctl_context_dup_where (self);
  g_auto(GStrv) lines = g_strsplit (text, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    {
      const char *rest = lines[i] + strspn (lines[i], " ");
      g_autofree char *line = g_steal_pointer (&lines[i]);

      if (g_str_has_prefix (rest, arrow))
        rest += strlen (arrow);
      if (g_str_has_prefix (rest, program))
        {
          rest += strlen (program);
          lines[i] = g_strdup_printf ("%.*s%s%s", (int) (rest - line), line, where, rest);
        }
      else
        {
          lines[i] = g_steal_pointer (&line);
        }
    }

  return g_strjoinv ("\n", lines);
}

/**
 * ctl_context_dup_reason:
 * @server: a server
 * @reason: why something could not be done there
 *
 * Returns: (transfer full): the reason, without the server's name before it,
 *   which stands beside it already
 */
char *
ctl_context_dup_reason (IssServer  *server,
                        const char *reason)
{
  g_autofree char *name = iss_server_dup_short_name (server);
  g_autofree char *prefix = g_strconcat (name, ": ", NULL);

  return g_strdup (g_str_has_prefix (reason, prefix) ? reason + strlen (prefix) : reason);
}

/**
 * ctl_context_warn_of_server:
 * @server: a server
 * @reason: why something could not be done there
 *
 * Prints to standard error what is wrong with it, its name first.
 */
void
ctl_context_warn_of_server (IssServer  *server,
                            const char *reason)
{
  g_autofree char *name = iss_server_dup_short_name (server);
  g_autofree char *rest = ctl_context_dup_reason (server, reason);

  g_printerr ("%s: %s\n", name, rest);
}

/**
 * ctl_context_warn_of_pool:
 * @self: a context
 * @pool: a pool that was looked at
 *
 * Prints the warning that manual import does not replicate, where it applies.
 */
void
ctl_context_warn_of_pool (CtlContext *self,
                          IssPool    *pool)
{
  g_autoptr(GPtrArray) warnings = iss_replication_warning_find (pool, ctl_context_get_now (self),
                                                                self->zone);

  for (guint i = 0; i < warnings->len; i++)
    {
      IssReplicationWarning *warning = g_ptr_array_index (warnings, i);

      ctl_context_warn (self, warning->text);
    }
}

/**
 * ctl_context_fail:
 * @self: (nullable): a context
 * @error: what went wrong
 *
 * Prints the error to standard error.
 *
 * Returns: the exit status that goes with it
 */
CtlExitStatus
ctl_context_fail (CtlContext   *self,
                  const GError *error)
{
  g_printerr ("issuantctl: %s\n", error->message);
  if (g_error_matches (error, ISS_ERROR, ISS_ERROR_NEEDS_CONFIRMATION))
    g_printerr (_("Use --force if you want it all the same.\n"));

  return ctl_exit_status_of_error (error);
}
