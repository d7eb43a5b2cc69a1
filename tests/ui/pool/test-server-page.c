/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/pool/server-page.h"

#include "core/base/error.h"
#include "tests/lib/page-window.h"
#include "tests/lib/scene-pool.h"
#include "tests/lib/shot.h"

#include <string.h>

#define SERVER_PATH(name) "pool01.contoso.example/" name ".contoso.example"

static GtkWidget *
make_page (IssPool    *pool,
           const char *path)
{
  g_autoptr(IssScopeNode) pool_node = iss_scope_node_new_pool (NULL, pool);
  IssScopeNode *node = iss_scope_node_find (pool_node, path);

  g_assert_nonnull (node);
  return g_object_ref_sink (iss_server_page_new (node));
}

static void
test_answering (void)
{
  g_autoptr(IssPool) pool = iss_scene_pool_new (ISS_SCENE_MIXED);
  g_autoptr(GtkWidget) page = make_page (pool, SERVER_PATH ("fe01"));
  g_autoptr(IssPageWindow) window = iss_page_window_new (page);
  g_autofree char *state = NULL;
  g_autofree char *reason = NULL;
  GtkWidget *button = iss_page_window_find_button (window, "Personal");

  g_object_get (page, "state-text", &state, "reason", &reason, NULL);
  g_assert_cmpstr (state, ==, "fe01 answers.");
  g_assert_cmpstr (reason, ==, "");
  g_assert_null (iss_page_window_find_button (window, "_Try Again"));
  g_assert_nonnull (button);
  g_signal_emit_by_name (button, "clicked");
  g_assert_cmpstr (iss_page_window_get_activated (window), ==,
                   "console.show '" SERVER_PATH ("fe01") "/certificates/my'");
  iss_page_window_shoot (window, "server", "answering");
  g_clear_pointer (&window, iss_page_window_free);
  g_assert_finalize_object (g_steal_pointer (&page));
}

static void
test_silent (void)
{
  g_autoptr(IssPool) pool = iss_scene_pool_new (ISS_SCENE_MIXED);
  g_autoptr(GtkWidget) page = make_page (pool, SERVER_PATH ("fe03"));
  g_autoptr(IssPageWindow) window = iss_page_window_new (page);
  g_autofree char *state = NULL;
  g_autofree char *reason = NULL;

  g_object_get (page, "state-text", &state, "reason", &reason, NULL);
  g_assert_cmpstr (state, ==, "fe03 does not answer.");
  g_assert_cmpstr (reason, ==, "ssh: connect to host fe03.contoso.example port 22: Connection "
                   "refused, since 13:58:20 (third try).");
  g_assert_nonnull (iss_page_window_find_button (window, "_Try Again"));
  g_assert_nonnull (iss_page_window_find_button (window, "Copy the _ssh Command"));
  g_assert_null (iss_page_window_find_button (window, "Copy the _Install Command"));
  iss_page_window_shoot (window, "server", "silent");
  g_clear_pointer (&window, iss_page_window_free);
  g_assert_finalize_object (g_steal_pointer (&page));
}

/* What confines the reading of files there is said where it is not whole. */
static void
test_confinement (void)
{
  g_autoptr(IssPool) pool = iss_scene_pool_new (ISS_SCENE_MIXED);
  IssServer *server = iss_pool_get_server (pool, 0);
  g_autoptr(GtkWidget) page = NULL;
  g_autoptr(IssPageWindow) window = NULL;
  g_autofree char *whole = iss_server_page_dup_details (server, ISS_SCENE_NOW, "alice");
  g_autofree char *details = NULL;

  g_assert_null (strstr (whole, "fewer walls"));
  iss_server_set_parser_lacks (server, ISS_PARSER_LACKS_LANDLOCK);
  details = iss_server_page_dup_details (server, ISS_SCENE_NOW, "alice");
  g_assert_nonnull (strstr (details, "\nFiles that are imported on fe01 are read behind fewer "
                                     "walls: its kernel or container does not offer Landlock."));

  page = make_page (pool, SERVER_PATH ("fe01"));
  window = iss_page_window_new (page);
  iss_page_window_shoot (window, "server", "fewer-walls");
  g_clear_pointer (&window, iss_page_window_free);
  g_assert_finalize_object (g_steal_pointer (&page));
}

typedef struct
{
  IssError    code;
  const char *state;
} StateCase;

static void
test_states (void)
{
  static const StateCase cases[] =
  {
    { ISS_ERROR_NO_AGENT, "fe01 answers, but issuant-agent is not installed there." },
    { ISS_ERROR_PROTOCOL, "fe01 speaks another protocol version, or none." },
    { ISS_ERROR_LOGIN,    "fe01 does not let us in." },
    { ISS_ERROR_HOST_KEY_UNKNOWN, "The host key of fe01 is not known yet." },
    { ISS_ERROR_HOST_KEY_CHANGED, "The host key of fe01 has changed. It may be another machine." },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(IssPool) pool = iss_scene_pool_new (ISS_SCENE_FIRST_LOOK);
      g_autoptr(GError) error = g_error_new_literal (ISS_ERROR, cases[i].code, "Because");
      g_autoptr(GtkWidget) page = NULL;
      g_autofree char *state = NULL;
      g_autofree char *reason = NULL;

      iss_server_set_failed (iss_pool_get_server (pool, 0), error, ISS_SCENE_FAILED);
      page = make_page (pool, SERVER_PATH ("fe01"));
      g_object_get (page, "state-text", &state, "reason", &reason, NULL);
      g_assert_cmpstr (state, ==, cases[i].state);
      g_assert_cmpstr (reason, ==, "Because, at 13:58:20.");
      g_assert_finalize_object (g_steal_pointer (&page));
    }
}

/* The line to type is there to be read, and to be copied; only where it helps. */
static void
test_no_agent (void)
{
  g_autoptr(IssPool) pool = iss_scene_pool_new (ISS_SCENE_FIRST_LOOK);
  g_autoptr(GError) error =
    g_error_new_literal (ISS_ERROR, ISS_ERROR_NO_AGENT, "fe01.contoso.example answers, but "
                         "issuant-agent is not installed there (sh: 1: exec: "
                         "/usr/libexec/issuant-agent: not found): install it with "
                         "“app/install-agent root@fe01.contoso.example”");
  g_autoptr(GtkWidget) page = NULL;
  g_autoptr(IssPageWindow) window = NULL;
  GdkContentProvider *content;
  g_auto(GValue) value = G_VALUE_INIT;
  GtkWidget *button;

  iss_server_set_failed (iss_pool_get_server (pool, 0), error, ISS_SCENE_FAILED);
  page = make_page (pool, SERVER_PATH ("fe01"));
  window = iss_page_window_new (page);
  button = iss_page_window_find_button (window, "Copy the _Install Command");
  g_assert_nonnull (button);
  iss_shot_settle (page);
  iss_shot_check (iss_page_window_get_window (window), "server-no-agent");

  g_signal_emit_by_name (button, "clicked");
  content = gdk_clipboard_get_content (gtk_widget_get_clipboard (page));
  g_assert_nonnull (content);
  g_value_init (&value, G_TYPE_STRING);
  g_assert_true (gdk_content_provider_get_value (content, &value, NULL));
  g_assert_cmpstr (g_value_get_string (&value), ==,
                   "app/install-agent root@fe01.contoso.example");

  g_clear_pointer (&window, iss_page_window_free);
  g_assert_finalize_object (g_steal_pointer (&page));
}

static void
test_details (void)
{
  g_autoptr(IssPool) pool = iss_scene_pool_new (ISS_SCENE_MIXED);
  IssServer *server = iss_pool_get_server (pool, 2);
  g_autofree char *details = iss_server_page_dup_details (server, ISS_SCENE_NOW, "alice on c01");

  g_assert_nonnull (strstr (details, "fe03.contoso.example: fe03 does not answer.\n"));
  g_assert_nonnull (strstr (details, "\nssh -v -- issuant@fe03.contoso.example\n"));
  g_assert_nonnull (strstr (details, "\nLast seen 2027-05-22T13:41:07Z\n"));
  g_assert_nonnull (strstr (details, "\nObserved by alice on c01, 2027-05-22T14:02:11Z\n"));
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  iss_page_window_init ();

  g_test_add_func ("/server-page/answering", test_answering);
  g_test_add_func ("/server-page/silent", test_silent);
  g_test_add_func ("/server-page/confinement", test_confinement);
  g_test_add_func ("/server-page/states", test_states);
  g_test_add_func ("/server-page/no-agent", test_no_agent);
  g_test_add_func ("/server-page/details", test_details);

  return g_test_run ();
}
