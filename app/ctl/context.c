/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ctl/context.h"

#include <glib/gi18n.h>
#include <string.h>

#include "app/ctl/thumbprint.h"
#include "core/agent/programs.h"
#include "core/base/error.h"
#include "core/base/text.h"
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

static GPtrArray *
servers_of_pool (IssPool *pool)
{
  GPtrArray *servers = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < iss_pool_get_n_servers (pool); i++)
    g_ptr_array_add (servers, g_object_ref (iss_pool_get_server (pool, i)));

  return servers;
}

/* "fe01, fe02 and fe03", to say what there is. */
static char *
dup_all_names (CtlContext *self)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < iss_workspace_get_n_pools (self->workspace); i++)
    {
      IssPool *pool = iss_workspace_get_pool (self->workspace, i);

      for (guint k = 0; k < iss_pool_get_n_servers (pool); k++)
        g_ptr_array_add (names, iss_server_dup_short_name (iss_pool_get_server (pool, k)));
    }
  g_ptr_array_add (names, NULL);

  return g_strjoinv (",", (char **) names->pdata);
}

/**
 * ctl_context_find_server:
 * @self: a context
 * @name: a server's name, whole or short
 * @out_pool: (out) (optional) (transfer none): the pool it belongs to
 * @error: return location for an error
 *
 * Returns: (transfer none) (nullable): the server, or %NULL with @error set,
 *   which says which there are
 */
IssServer *
ctl_context_find_server (CtlContext  *self,
                         const char  *name,
                         IssPool    **out_pool,
                         GError     **error)
{
  IssServer *server = iss_workspace_find_server (self->workspace, name, out_pool);
  g_autofree char *shown = NULL;
  g_autofree char *all = NULL;

  if (server != NULL)
    return server;

  shown = iss_text_sanitise (name, -1, 60);
  all = dup_all_names (self);
  g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
               _("There is no server “%s”. There are: %s"), shown, all);

  return NULL;
}

static GPtrArray *
servers_by_name (CtlContext  *self,
                 const char  *typed,
                 IssPool    **out_pool,
                 GError     **error)
{
  g_autoptr(GPtrArray) servers = g_ptr_array_new_with_free_func (g_object_unref);
  g_auto(GStrv) names = g_strsplit (typed, ",", -1);

  for (guint i = 0; names[i] != NULL; i++)
    {
      const char *name = g_strstrip (names[i]);
      IssPool *pool = NULL;
      IssServer *server = ctl_context_find_server (self, name, &pool, error);

      if (server == NULL)
        return NULL;

      if (*out_pool != NULL && *out_pool != pool)
        {
          g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                       _("%s is in pool %s, the others are in pool %s: one pool at a time"),
                       name, iss_pool_get_name (pool), iss_pool_get_name (*out_pool));
          return NULL;
        }

      *out_pool = pool;
      if (!g_ptr_array_find (servers, server, NULL))
        g_ptr_array_add (servers, g_object_ref (server));
    }

  return g_steal_pointer (&servers);
}

static void
set_error_where (CtlContext  *self,
                 GError     **error)
{
  g_autofree char *all = dup_all_names (self);
  IssPool *pool = iss_workspace_get_n_pools (self->workspace) > 0
                  ? iss_workspace_get_pool (self->workspace, 0) : NULL;

  if (pool == NULL)
    g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                 _("There is no pool yet in %s: begin with set-pool and add-server, "
                   "or look around with --demo"), iss_workspace_get_path (self->workspace));
  else
    g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                 _("Say where: --server %s, or --pool %s for every server of it"), all,
                 iss_pool_get_name (pool));
}

/**
 * ctl_context_dup_servers:
 * @self: a context
 * @changes: whether the verb changes something: then it must be said where
 * @out_pool: (out) (transfer none): the pool they belong to
 * @error: return location for an error
 *
 * Finds the servers that --server, --pool or --identity name; without one of
 * them, where nothing is changed, those of the only pool.
 *
 * Returns: (transfer full) (element-type IssServer): the servers, or %NULL with
 *   @error set
 */
GPtrArray *
ctl_context_dup_servers (CtlContext  *self,
                         gboolean     changes,
                         IssPool    **out_pool,
                         GError     **error)
{
  const char *server = ctl_context_get (self, "server");
  const char *pool_name = ctl_context_get (self, "pool");
  const char *identity = ctl_context_get (self, "identity");
  guint n = (server != NULL) + (pool_name != NULL) + (identity != NULL);
  IssPool *pool = NULL;

  if (n > 1)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                           _("--server, --pool and --identity exclude each other"));
      return NULL;
    }

  if (identity != NULL)
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                           _("--identity global is for what is assigned globally: "
                             "import-certificate, set-certificate and remove-certificate take it, "
                             "get-replication-status shows it. Use --pool for every server of a "
                             "pool"));
      return NULL;
    }

  if (server != NULL)
    {
      GPtrArray *servers = servers_by_name (self, server, &pool, error);

      *out_pool = pool;
      return servers;
    }

  if (pool_name == NULL && (changes || iss_workspace_get_n_pools (self->workspace) != 1))
    {
      set_error_where (self, error);
      return NULL;
    }

  pool = pool_name != NULL ? iss_workspace_find_pool (self->workspace, pool_name)
                           : iss_workspace_get_pool (self->workspace, 0);
  if (pool == NULL)
    {
      g_autofree char *shown = iss_text_sanitise (pool_name, -1, 60);

      g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT, _("There is no pool “%s”"), shown);
      return NULL;
    }

  if (iss_pool_get_n_servers (pool) == 0)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                   _("Pool %s has no servers yet: add one with add-server"),
                   iss_pool_get_name (pool));
      return NULL;
    }

  *out_pool = pool;

  return servers_of_pool (pool);
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

/* Listing a store on several servers to find what a thumbprint names. */
typedef struct
{
  IssStoreName  store;
  GPtrArray    *tables;   /* (element-type IssRowTable) */
} Listing;

static void
start_list (IssServer           *server,
            gpointer             listing,
            GCancellable        *cancellable,
            GAsyncReadyCallback  callback,
            gpointer             user_data)
{
  iss_server_list_rows_async (server, ((Listing *) listing)->store, cancellable, callback,
                              user_data);
}

static char *
finish_list (IssServer     *server,
             gpointer       listing,
             GAsyncResult  *result,
             GError       **error)
{
  IssRowTable *table = iss_server_list_rows_finish (server, result, error);

  if (table == NULL)
    return NULL;

  g_ptr_array_add (((Listing *) listing)->tables, table);

  return g_strdup ("");
}

/**
 * ctl_context_find_certificate_in:
 * @self: a context
 * @servers: (element-type IssServer): where to look
 * @store: in which store
 * @typed: a thumbprint as it was typed
 * @error: return location for an error
 *
 * Returns: (transfer full): the SHA-256 of the certificate, or %NULL with @error
 *   set: %ISS_ERROR_AMBIGUOUS, %ISS_ERROR_NOT_FOUND, or why no server answered
 */
GBytes *
ctl_context_find_certificate_in (CtlContext    *self,
                                 GPtrArray     *servers,
                                 IssStoreName   store,
                                 const char    *typed,
                                 GError       **error)
{
  g_autoptr(GBytes) thumbprint = iss_text_parse_thumbprint (typed, error);
  g_autoptr(GPtrArray) tables = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GError) local_error = NULL;
  g_autoptr(IssJob) job = NULL;
  Listing listing = { store, tables };
  GBytes *found;

  if (thumbprint == NULL)
    return NULL;

  job = iss_job_new (servers, start_list, finish_list, &listing, NULL);
  ctl_context_run_job (self, job);

  found = ctl_thumbprint_find (tables, thumbprint, &local_error);
  if (found != NULL || local_error != NULL)
    {
      if (local_error != NULL)
        g_propagate_error (error, g_steal_pointer (&local_error));
      return found;
    }

  if (tables->len == 0)
    {
      g_propagate_error (error, g_error_copy (iss_job_entry_get_error (iss_job_get_entry (job,
                                                                                          0))));
      return NULL;
    }

  /* A whole SHA-256 names a certificate even where nobody has it. */
  if (g_bytes_get_size (thumbprint) == ISS_SHA256_SIZE)
    return g_steal_pointer (&thumbprint);

  g_set_error (error, ISS_ERROR, ISS_ERROR_NOT_FOUND,
               _("No server that answers has a certificate with the thumbprint %s in %s"),
               typed, iss_store_name_get_label (store));

  return NULL;
}

/**
 * ctl_context_find_certificate:
 * @self: a context
 * @servers: (element-type IssServer): where to look, in Personal
 * @typed: a thumbprint as it was typed
 * @error: return location for an error
 *
 * Returns: (transfer full): as ctl_context_find_certificate_in()
 */
GBytes *
ctl_context_find_certificate (CtlContext  *self,
                              GPtrArray   *servers,
                              const char  *typed,
                              GError     **error)
{
  return ctl_context_find_certificate_in (self, servers, ISS_STORE_MY, typed, error);
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
