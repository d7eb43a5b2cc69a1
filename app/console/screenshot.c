/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/console/screenshot.h"

#include <glib/gi18n.h>
#include <string.h>

#include "core/base/error.h"
#include "core/base/text.h"
#include "ui/certificates/store-page.h"

/* Until layout, fonts and icons have settled. */
#define ENOUGH_FRAMES 4
#define MOST_FRAMES 120
#define PATIENCE_SECONDS 60
#define MIN_SIZE 200
#define MAX_SIZE 8192

/**
 * Screen:
 *
 * A page by its name. In the path, POOL and SERVER stand for the first pool and the server.
 */
typedef struct
{
  const char *name;
  const char *path;
  const char *action;     /* (nullable): what opens its window, with that page behind it */
  const char *target;     /* (nullable): as GVariant writes it */
  const char *help;
} Screen;

static const Screen screens[] =
{
  { "console", "", NULL, NULL, N_("Console Root") },
  { "overview", "POOL", NULL, NULL, N_("the pool's overview") },
  { "presence", "POOL/presence", NULL, NULL, N_("is it the same certificate everywhere?") },
  { "assignments", "POOL/assignments", NULL, NULL, N_("the pool's assignments") },
  { "replication", "POOL/replication", NULL, NULL,
    N_("has what is assigned globally arrived?") },
  { "server", "POOL/SERVER", NULL, NULL, N_("a server") },
  { "certificates", "POOL/SERVER/certificates", NULL, NULL, N_("a server's stores") },
  { "my", "POOL/SERVER/certificates/my", NULL, NULL, N_("Personal") },
  { "root", "POOL/SERVER/certificates/root", NULL, NULL, N_("Trusted Root") },
  { "ca", "POOL/SERVER/certificates/ca", NULL, NULL, N_("Intermediate") },
  { "trustedpeople", "POOL/SERVER/certificates/trustedpeople", NULL, NULL,
    N_("Trusted People") },
  { "disallowed", "POOL/SERVER/certificates/disallowed", NULL, NULL, N_("Untrusted") },
  { "request", "POOL/SERVER/certificates/request", NULL, NULL, N_("Enrollment Requests") },
  { "authroot", "POOL/SERVER/certificates/authroot", NULL, NULL, N_("Third-Party Root") },
  { "server-assignments", "POOL/SERVER/assignments", NULL, NULL, N_("a server's assignments") },
  { "tasks", "POOL/SERVER/tasks", NULL, NULL, N_("a server's scheduled tasks") },
  { "event-log", "POOL/SERVER/event-log", NULL, NULL, N_("a server's event log") },
  { "connect-wizard", "POOL", "server.connect", NULL, N_("connecting to servers") },
  { "certificate", "POOL/SERVER/certificates/my", "certificate.open", NULL,
    N_("a certificate of Personal, in its dialog") },
  { "copy-wizard", "POOL/SERVER/certificates/my", "certificate.copy", NULL,
    N_("copying a certificate of Personal to other servers") },
  { "export-wizard", "POOL/SERVER/certificates/my", "certificate.export", NULL,
    N_("exporting a certificate of Personal") },
  { "enroll-wizard", "POOL/replication", "replication.enroll", NULL,
    N_("enrolling servers for replication") },
  { "import-wizard", "POOL", "server.import", "@as []", N_("importing a certificate") },
  { "assign-wizard", "POOL", "assignment.assign", "['OAuthTokenIssuer']",
    N_("assigning a certificate") },
  { "roll-wizard", "POOL", "assignment.roll", "['OAuthTokenIssuer']",
    N_("rolling to another certificate") },
  { "run-sheet", "POOL/assignments", "assignment.run-sheet", "['OAuthTokenIssuer']",
    N_("the run sheet of a roll") },
};

typedef enum
{
  STEP_LOOK,       /* until every server was asked */
  STEP_PAGE,       /* until the page shows it */
  STEP_WINDOW      /* until the window over it does */
} Step;

typedef struct
{
  IssConsoleWindow *window;     /* weak: it may be closed */
  GtkWindow        *target;     /* weak: what is drawn */
  const Screen     *screen;     /* (nullable): a path */
  char             *page;
  char             *server;
  char             *output;
  int               width;
  int               height;
  Step              step;
  guint             n_frames;   /* in which nothing was to be done any more */
  guint             tick;
  guint             timeout;
} Shot;

static void
shot_free (Shot *shot)
{
  if (shot->window != NULL && shot->tick != 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (shot->window), shot->tick);
  g_clear_handle_id (&shot->timeout, g_source_remove);
  g_clear_weak_pointer (&shot->window);
  g_clear_weak_pointer (&shot->target);
  g_free (shot->page);
  g_free (shot->server);
  g_free (shot->output);
  g_free (shot);
}

static const Screen *
find_screen (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (screens); i++)
    {
      if (g_str_equal (screens[i].name, name))
        return &screens[i];
    }

  return NULL;
}

/**
 * console_screenshot_dup_names:
 *
 * Returns: (transfer full): the pages that can be drawn, one line a name
 */
char *
console_screenshot_dup_names (void)
{
  g_autoptr(GString) text = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (screens); i++)
    g_string_append_printf (text, "%-20s %s\n", screens[i].name, _(screens[i].help));

  return g_string_free (g_steal_pointer (&text), FALSE);
}

/**
 * console_screenshot_parse_size:
 * @text: what was typed, such as "1366x768"
 * @out_width: (out): in pixels
 * @out_height: (out): in pixels
 * @error: return location for %ISS_ERROR_INVALID_ARGUMENT
 *
 * Returns: whether it is a size from 200 to 8,192 pixels each way
 */
gboolean
console_screenshot_parse_size (const char  *text,
                               int         *out_width,
                               int         *out_height,
                               GError     **error)
{
  g_auto(GStrv) parts = g_strsplit (text, "x", 3);
  guint64 width;
  guint64 height;

  if (g_strv_length (parts) != 2 ||
      !g_ascii_string_to_unsigned (parts[0], 10, MIN_SIZE, MAX_SIZE, &width, NULL) ||
      !g_ascii_string_to_unsigned (parts[1], 10, MIN_SIZE, MAX_SIZE, &height, NULL))
    {
      g_autofree char *shown = iss_text_sanitise (text, -1, 40);

      g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
                   _("“%s” is not a size such as 1366x768, from %d to %d pixels each way"), shown,
                   MIN_SIZE, MAX_SIZE);
      return FALSE;
    }

  *out_width = (int) width;
  *out_height = (int) height;
  return TRUE;
}

/**
 * console_screenshot_check_page:
 * @page: what was typed
 * @error: return location for %ISS_ERROR_INVALID_ARGUMENT
 *
 * Returns: whether there may be such a page; the path of a node is only known once there is
 *   a pool
 */
gboolean
console_screenshot_check_page (const char  *page,
                               GError     **error)
{
  g_autofree char *shown = NULL;

  if (find_screen (page) != NULL || strchr (page, '.') != NULL)
    return TRUE;

  shown = iss_text_sanitise (page, -1, 60);
  g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
               _("There is no page “%s”: --screenshot list lists them"), shown);
  return FALSE;
}

/**
 * console_screenshot_use_dark:
 *
 * Uses the theme's dark variant from now on, even where GTK_THEME names the theme.
 */
void
console_screenshot_use_dark (void)
{
  const char *theme = g_getenv ("GTK_THEME");

  if (theme != NULL && *theme != '\0' && strchr (theme, ':') == NULL)
    {
      g_autofree char *dark = g_strconcat (theme, ":dark", NULL);

      g_setenv ("GTK_THEME", dark, TRUE);
    }
  g_object_set (gtk_settings_get_default (), "gtk-application-prefer-dark-theme", TRUE, NULL);
}

static gboolean
is_known (IssServer *server)
{
  IssServerState state = iss_server_get_state (server);

  if (state == ISS_SERVER_STATE_NEW || state == ISS_SERVER_STATE_CONNECTING)
    return FALSE;

  return iss_server_get_observation (server) != NULL || !iss_server_is_answering (server) ||
         iss_server_get_error (server) != NULL;
}

static gboolean
are_servers_known (IssConsoleWindow *window)
{
  IssWorkspace *workspace = iss_console_window_get_workspace (window);

  if (workspace == NULL)
    return FALSE;

  for (guint i = 0; i < iss_workspace_get_n_pools (workspace); i++)
    {
      IssPool *pool = iss_workspace_get_pool (workspace, i);

      for (guint k = 0; k < iss_pool_get_n_servers (pool); k++)
        {
          if (!is_known (iss_pool_get_server (pool, k)))
            return FALSE;
        }
    }

  return TRUE;
}

static gboolean
is_page_ready (IssPage *page)
{
  if (page == NULL || iss_page_is_busy (page))
    return FALSE;

  if (ISS_IS_STORE_PAGE (page))
    {
      IssCertificateList *list = iss_store_page_get_list (ISS_STORE_PAGE (page));

      return !iss_row_model_is_busy (iss_certificate_list_get_model (list));
    }

  return TRUE;
}

/* Whoever waits shows it: a spinner that turns where it can be seen. */
static gboolean
has_spinner (GtkWidget *widget)
{
  if (GTK_IS_SPINNER (widget) && gtk_widget_get_mapped (widget) &&
      gtk_spinner_get_spinning (GTK_SPINNER (widget)))
    return TRUE;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      if (has_spinner (child))
        return TRUE;
    }

  return FALSE;
}

static gboolean
has_size (Shot *shot)
{
  GtkWidget *target = GTK_WIDGET (shot->target);

  /* Behind a window that is still to be opened it does not matter. */
  if (shot->width == 0 || (shot->step == STEP_PAGE && shot->screen != NULL &&
                           shot->screen->action != NULL))
    return TRUE;

  return gtk_widget_get_width (target) == shot->width &&
         gtk_widget_get_height (target) == shot->height;
}

static gboolean
is_ready (Shot *shot)
{
  return are_servers_known (shot->window) &&
         is_page_ready (iss_console_window_get_page (shot->window)) &&
         gtk_widget_get_mapped (GTK_WIDGET (shot->target)) &&
         !has_spinner (GTK_WIDGET (shot->target));
}

static char *
dup_path (Shot    *shot,
          GError **error)
{
  IssWorkspace *workspace = iss_console_window_get_workspace (shot->window);
  IssPool *pool = iss_workspace_get_n_pools (workspace) > 0
    ? iss_workspace_get_pool (workspace, 0) : NULL;
  IssServer *server = NULL;
  g_autoptr(GString) path = NULL;

  if (shot->screen == NULL)
    return g_strdup (shot->page);

  path = g_string_new (shot->screen->path);
  if (pool == NULL && path->len > 0)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_NOT_FOUND,
                   _("There is no pool in %s to draw the page “%s” of"),
                   iss_workspace_get_path (workspace), shot->page);
      return NULL;
    }

  if (pool != NULL && shot->server != NULL)
    server = iss_pool_find_server (pool, shot->server);
  else if (pool != NULL && iss_pool_get_n_servers (pool) > 0)
    server = iss_pool_get_server (pool, 0);

  if (server == NULL && (shot->server != NULL || strstr (path->str, "SERVER") != NULL))
    {
      g_autofree char *shown = iss_text_sanitise (shot->server != NULL ? shot->server : "", -1,
                                                  60);

      g_set_error (error, ISS_ERROR, ISS_ERROR_NOT_FOUND, _("There is no server “%s” in pool %s"),
                   shown, pool != NULL ? iss_pool_get_name (pool) : "–");
      return NULL;
    }

  if (pool != NULL)
    g_string_replace (path, "POOL", iss_pool_get_name (pool), 1);
  if (server != NULL)
    g_string_replace (path, "SERVER", iss_server_get_name (server), 1);
  return g_string_free (g_steal_pointer (&path), FALSE);
}

static gboolean
show_page (Shot    *shot,
           GError **error)
{
  g_autofree char *path = dup_path (shot, error);

  if (path == NULL)
    return FALSE;

  if (!iss_console_window_show_path (shot->window, path))
    {
      g_autofree char *shown = iss_text_sanitise (path, -1, 100);

      g_set_error (error, ISS_ERROR, ISS_ERROR_NOT_FOUND, _("There is no page “%s”"), shown);
      return FALSE;
    }

  return TRUE;
}

static GtkWindow *
find_other_window (IssConsoleWindow *window)
{
  GListModel *toplevels = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (toplevels); i++)
    {
      g_autoptr(GtkWindow) other = g_list_model_get_item (toplevels, i);

      if (GTK_IS_WINDOW (other) && other != GTK_WINDOW (window) &&
          gtk_window_get_transient_for (other) == GTK_WINDOW (window))
        return other;   /* GTK owns it */
    }

  return NULL;
}

/* The first row of the list that the page shows: server, store, certificate. */
static GVariant *
new_row_target (IssConsoleWindow *window)
{
  IssPage *page = iss_console_window_get_page (window);
  IssScopeNode *node = iss_console_window_get_node (window);
  g_autoptr(IssRowItem) item = NULL;
  g_autofree char *sha256 = NULL;
  IssRowModel *model;
  IssRow row;

  if (!ISS_IS_STORE_PAGE (page))
    return NULL;

  model = iss_certificate_list_get_model (iss_store_page_get_list (ISS_STORE_PAGE (page)));
  item = g_list_model_get_item (G_LIST_MODEL (model), 0);
  if (item == NULL)
    return NULL;

  iss_row_model_item_get_row (item, &row);
  sha256 = iss_text_hex (row.sha256, sizeof row.sha256, FALSE);
  return g_variant_ref_sink (
    g_variant_new_strv ((const char *[]) {
                          iss_server_get_name (iss_scope_node_get_server (node)),
                          iss_store_name_get_nick (iss_scope_node_get_store (node)), sha256
                        }, 3));
}

static gboolean
open_window (Shot    *shot,
             GError **error)
{
  g_autoptr(GVariant) target = shot->screen->target != NULL
    ? g_variant_parse (NULL, shot->screen->target, NULL, NULL, NULL)
    : new_row_target (shot->window);
  GtkWindow *opened = NULL;

  if (gtk_widget_activate_action_variant (GTK_WIDGET (shot->window), shot->screen->action, target))
    opened = find_other_window (shot->window);

  if (opened == NULL)
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_FAILED,
                   _("The page “%s” cannot be opened: there is nothing to do it with"),
                   shot->page);
      return FALSE;
    }

  g_set_weak_pointer (&shot->target, opened);
  if (shot->width > 0)
    gtk_window_set_default_size (opened, shot->width, shot->height);
  return TRUE;
}

/* What the window shows; NULL while it is about to be laid out anew. */
static GskRenderNode *
draw (Shot *shot)
{
  GtkWidget *widget = GTK_WIDGET (shot->target);
  g_autoptr(GdkPaintable) paintable = gtk_widget_paintable_new (widget);
  GtkSnapshot *snapshot = gtk_snapshot_new ();

  gdk_paintable_snapshot (paintable, GDK_SNAPSHOT (snapshot), gtk_widget_get_width (widget),
                          gtk_widget_get_height (widget));
  return gtk_snapshot_free_to_node (snapshot);
}

static gboolean
save (Shot           *shot,
      GskRenderNode  *node,
      GError        **error)
{
  const int width = gtk_widget_get_width (GTK_WIDGET (shot->target));
  const int height = gtk_widget_get_height (GTK_WIDGET (shot->target));
  g_autoptr(GdkTexture) texture = NULL;
  g_autoptr(GBytes) png = NULL;

  if (!has_size (shot))
    {
      g_set_error (error, ISS_ERROR, ISS_ERROR_REFUSED,
                   _("The page “%s” is %d x %d pixels here, not %d x %d: it needs as much, or the "
                     "screen has no more"), shot->page, width, height, shot->width, shot->height);
      return FALSE;
    }

  texture = gsk_renderer_render_texture (gtk_native_get_renderer (GTK_NATIVE (shot->target)), node,
                                         &GRAPHENE_RECT_INIT (0, 0, (float) width,
                                                              (float) height));
  png = gdk_texture_save_to_png_bytes (texture);
  return g_file_set_contents (shot->output, g_bytes_get_data (png, NULL),
                              (gssize) g_bytes_get_size (png), error);
}

/* Goes on by one step. Returns whether there is another one. */
static gboolean
advance (Shot    *shot,
         GError **error)
{
  g_autoptr(GskRenderNode) node = NULL;

  switch (shot->step)
    {
    case STEP_LOOK:
      if (!show_page (shot, error))
        return FALSE;
      shot->step = STEP_PAGE;
      return TRUE;

    case STEP_PAGE:
      if (shot->screen != NULL && shot->screen->action != NULL)
        {
          shot->step = STEP_WINDOW;
          return open_window (shot, error);
        }
      break;

    case STEP_WINDOW:
      break;
    }

  node = draw (shot);
  if (node == NULL)
    return TRUE;

  save (shot, node, error);
  return FALSE;
}

static void
end (GTask  *task,
     GError *error)
{
  Shot *shot = g_task_get_task_data (task);

  g_clear_handle_id (&shot->timeout, g_source_remove);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
  g_object_unref (task);
}

static gboolean
frame_cb (GtkWidget     *widget,
          GdkFrameClock *clock,
          gpointer       user_data)
{
  GTask *task = user_data;
  Shot *shot = g_task_get_task_data (task);
  GError *error = NULL;

  shot->n_frames = shot->target != NULL && is_ready (shot) ? shot->n_frames + 1 : 0;
  if (shot->n_frames < ENOUGH_FRAMES)
    return G_SOURCE_CONTINUE;

  /* The window gets its size when the display says so. */
  if (shot->step != STEP_LOOK && !has_size (shot) && shot->n_frames < MOST_FRAMES)
    return G_SOURCE_CONTINUE;

  shot->n_frames = 0;
  if (advance (shot, &error))
    return G_SOURCE_CONTINUE;

  shot->tick = 0;
  end (task, error);
  return G_SOURCE_REMOVE;
}

static gboolean
timeout_cb (gpointer user_data)
{
  GTask *task = user_data;
  Shot *shot = g_task_get_task_data (task);

  shot->timeout = 0;
  if (shot->window != NULL)
    gtk_widget_remove_tick_callback (GTK_WIDGET (shot->window), shot->tick);
  shot->tick = 0;
  end (task, g_error_new (ISS_ERROR, ISS_ERROR_FAILED,
                          _("The page “%s” was not ready within %d seconds"), shot->page,
                          PATIENCE_SECONDS));
  return G_SOURCE_REMOVE;
}

/**
 * console_screenshot_take_async:
 * @window: a window that has its workspace and the size asked for, and is on the screen
 * @spec: what the picture shows
 * @callback: called when the file is written
 * @user_data: for @callback
 *
 * Waits until every server was asked and the page shows what it said, and draws it: no frame of
 * a window manager, no popovers.
 */
void
console_screenshot_take_async (IssConsoleWindow            *window,
                               const ConsoleScreenshotSpec *spec,
                               GAsyncReadyCallback          callback,
                               gpointer                     user_data)
{
  GTask *task;
  Shot *shot;

  g_return_if_fail (ISS_IS_CONSOLE_WINDOW (window));
  g_return_if_fail (spec != NULL && spec->page != NULL && spec->output != NULL);

  shot = g_new0 (Shot, 1);
  g_set_weak_pointer (&shot->window, window);
  g_set_weak_pointer (&shot->target, GTK_WINDOW (window));
  shot->screen = find_screen (spec->page);
  shot->page = g_strdup (spec->page);
  shot->server = g_strdup (spec->server);
  shot->output = g_strdup (spec->output);
  shot->width = spec->width;
  shot->height = spec->height;

  task = g_task_new (NULL, NULL, callback, user_data);
  g_task_set_source_tag (task, console_screenshot_take_async);
  g_task_set_task_data (task, shot, (GDestroyNotify) shot_free);
  shot->timeout = g_timeout_add_seconds (PATIENCE_SECONDS, timeout_cb, task);
  shot->tick = gtk_widget_add_tick_callback (GTK_WIDGET (window), frame_cb, task, NULL);
}

/**
 * console_screenshot_take_finish:
 * @result: what the callback got
 * @error: return location for an error
 *
 * Returns: whether the file is written
 */
gboolean
console_screenshot_take_finish (GAsyncResult  *result,
                                GError       **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, console_screenshot_take_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
