/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/certificates/store-page.h"

#include "core/base/error.h"
#include "core/base/text.h"
#include "tests/lib/row-maker.h"
#include "tests/lib/shot.h"
#include "tests/lib/wait.h"
#include "tests/lib/workspace-fixture.h"
#include "ui/style.h"

#define PERSONAL "pool01.contoso.example/fe01.contoso.example/certificates/my"

typedef struct
{
  IssWorkspaceFixture  base;
  IssScopeNode        *root;
  GtkWidget           *window;
  IssStorePage        *page;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  unused)
{
  iss_workspace_fixture_set_up (&fixture->base, TRUE);
  fixture->root = iss_scope_node_new_root (fixture->base.workspace);
  fixture->page = ISS_STORE_PAGE (iss_store_page_new (iss_scope_node_find (fixture->root,
                                                                           PERSONAL)));
  fixture->window = gtk_window_new ();
  gtk_window_set_child (GTK_WINDOW (fixture->window), GTK_WIDGET (fixture->page));
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 900, 520);
  gtk_window_present (GTK_WINDOW (fixture->window));
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  g_object_add_weak_pointer (G_OBJECT (fixture->page), (gpointer *) &fixture->page);
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  iss_wait_until (fixture->page == NULL);
  g_assert_finalize_object (fixture->root);
  iss_workspace_fixture_tear_down (&fixture->base);
}

static void
assert_status (Fixture    *fixture,
               const char *expected)
{
  IssRowModel *model = iss_certificate_list_get_model (iss_store_page_get_list (fixture->page));
  g_autofree char *status = NULL;

  iss_wait_until (!iss_row_model_is_busy (model));
  status = iss_page_dup_status (ISS_PAGE (fixture->page));
  g_assert_cmpstr (status, ==, expected);
}

static IssRowTable *
make_table (void)
{
  IssRowTable *table = iss_row_table_new_empty (ISS_STORE_MY);
  static const char *names[] =
  {
    "auth.contoso.example", "sip.contoso.example", "old.contoso.example",
  };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      IssRow row;

      iss_row_maker_init (&row, i, names[i]);
      if (i == 2)
        row.not_after = ISS_ROW_MAKER_NOW - 1;
      iss_row_maker_add (table, &row);
    }

  return table;
}

static void
test_store_page_status (Fixture       *fixture,
                        gconstpointer  unused)
{
  g_autoptr(IssRowTable) table = make_table ();
  g_autofree char *title = iss_page_dup_title (ISS_PAGE (fixture->page));

  g_assert_cmpstr (title, ==, "Personal, fe01");
  assert_status (fixture, NULL);

  iss_store_page_show (fixture->page, table, ISS_ROW_MAKER_NOW);
  assert_status (fixture, "Personal on fe01: 3 certificates, 1 expired · seen 11:06:40");
  iss_page_set_filter (ISS_PAGE (fixture->page), "sip");
  assert_status (fixture, "Personal on fe01: 3 certificates, 1 expired, 1 shown · seen 11:06:40");
}

/* (nullable): what an item of the section is about, as text. */
static char *
dup_target (GMenuModel *section,
            const char *action)
{
  for (int i = 0; i < g_menu_model_get_n_items (section); i++)
    {
      g_autofree char *name = NULL;
      g_autoptr(GVariant) target = NULL;

      g_menu_model_get_item_attribute (section, i, G_MENU_ATTRIBUTE_ACTION, "s", &name);
      target = g_menu_model_get_item_attribute_value (section, i, G_MENU_ATTRIBUTE_TARGET, NULL);
      if (g_strcmp0 (name, action) == 0 && target != NULL)
        return g_variant_print (target, FALSE);
    }

  return NULL;
}

/* Each says which certificate, of which store of which server. */
static void
assert_verbs (GMenuModel   *menu,
              const IssRow *row)
{
  g_autoptr(GMenuModel) section = g_menu_model_get_item_link (menu, 1, G_MENU_LINK_SECTION);
  g_autofree char *sha256 = iss_text_hex (row->sha256, sizeof row->sha256, FALSE);
  g_autofree char *whole = g_strdup_printf ("['fe01.contoso.example', 'my', '%s']", sha256);
  g_autofree char *export = dup_target (section, "certificate.export");
  g_autofree char *copy = dup_target (section, "certificate.copy");

  g_assert_cmpstr (export, ==, whole);
  g_assert_cmpstr (copy, ==, row->key_state != ISS_KEY_STATE_NONE ? whole : NULL);
}

static void
test_store_page_actions (Fixture       *fixture,
                         gconstpointer  unused)
{
  g_autoptr(IssRowTable) table = make_table ();
  g_autoptr(GMenuModel) before = NULL;
  g_autoptr(GMenuModel) after = NULL;
  g_autofree char *label = NULL;
  GActionGroup *group = iss_page_get_action_group (ISS_PAGE (fixture->page));
  IssRow row;

  iss_store_page_show (fixture->page, table, ISS_ROW_MAKER_NOW);
  assert_status (fixture, "Personal on fe01: 3 certificates, 1 expired · seen 11:06:40");
  before = iss_page_dup_actions (ISS_PAGE (fixture->page));
  g_assert_cmpint (g_menu_model_get_n_items (before), ==, 1);
  g_assert_false (g_action_group_get_action_enabled (group, "export"));

  iss_row_table_get_row (table, 0, &row);
  g_assert_true (iss_certificate_list_select (iss_store_page_get_list (fixture->page),
                                              row.sha256));
  after = iss_page_dup_actions (ISS_PAGE (fixture->page));
  g_assert_cmpint (g_menu_model_get_n_items (after), ==, 3);
  g_assert_true (g_menu_model_get_item_attribute (after, 1, G_MENU_ATTRIBUTE_LABEL, "s", &label));
  g_assert_cmpstr (label, ==, "auth.contoso.example");
  assert_verbs (after, &row);
  g_assert_true (g_action_group_get_action_enabled (group, "export"));

  g_action_group_activate_action (iss_page_get_action_group (ISS_PAGE (fixture->page)),
                                  "copy-thumbprint", NULL);
}

static void
test_store_page_refresh (Fixture       *fixture,
                         gconstpointer  unused)
{
  iss_page_refresh (ISS_PAGE (fixture->page));
  g_assert_true (iss_page_is_busy (ISS_PAGE (fixture->page)));
  iss_page_refresh (ISS_PAGE (fixture->page));
  iss_wait_until (!iss_page_is_busy (ISS_PAGE (fixture->page)));
  assert_status (fixture, "Personal on fe01: 0 certificates · seen 11:06:40");
}

static void
count_refreshes (IssPage *page,
                 guint   *n_refreshes)
{
  static const char key[] = "was-busy";
  gboolean was_busy = g_object_get_data (G_OBJECT (page), key) != NULL;
  gboolean busy = iss_page_is_busy (page);

  if (busy && !was_busy)
    (*n_refreshes)++;
  g_object_set_data (G_OBJECT (page), key, GINT_TO_POINTER (busy));
}

static void
looked_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  iss_server_look_finish (ISS_SERVER (object), result, &error);
  g_assert_no_error (error);
  *(gboolean *) user_data = TRUE;
}

/* What is noticed while the page lists is listed when it has: what it lists may be older. */
static void
test_store_page_follows (Fixture       *fixture,
                         gconstpointer  unused)
{
  IssServer *server = iss_scope_node_get_server (iss_scope_node_find (fixture->root, PERSONAL));
  IssPage *page = ISS_PAGE (fixture->page);
  gboolean looked = FALSE;
  guint n_refreshes = 0;

  iss_page_refresh (page);
  iss_wait_until (!iss_page_is_busy (page));

  g_signal_connect (page, "changed", G_CALLBACK (count_refreshes), &n_refreshes);
  iss_server_look_async (server, NULL, NULL, looked_cb, &looked);
  iss_page_refresh (page);
  iss_wait_until (looked && !iss_page_is_busy (page));
  g_assert_cmpuint (n_refreshes, ==, 2);
}

static gboolean
shows (GtkWidget  *widget,
       const char *text)
{
  if (GTK_IS_LABEL (widget) && gtk_widget_get_mapped (widget) &&
      g_strcmp0 (gtk_label_get_text (GTK_LABEL (widget)), text) == 0)
    return TRUE;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      if (shows (child, text))
        return TRUE;
    }

  return FALSE;
}

/* What was last seen stays, grey. */
static void
test_store_page_unreachable (Fixture       *fixture,
                             gconstpointer  unused)
{
  g_autoptr(IssRowTable) table = make_table ();

  /* A file where the folder should be: the agent cannot start. */
  g_free (iss_temp_folder_write (fixture->base.temp, "fe01", "", 0));
  iss_store_page_show (fixture->page, table, ISS_ROW_MAKER_NOW);
  iss_page_refresh (ISS_PAGE (fixture->page));
  iss_wait_until (!iss_page_is_busy (ISS_PAGE (fixture->page)));
  iss_shot_settle (fixture->window);

  g_assert_true (shows (GTK_WIDGET (fixture->page), "Personal on fe01 cannot be seen now."));
  g_assert_true (gtk_widget_has_css_class (
    GTK_WIDGET (iss_certificate_list_get_view (iss_store_page_get_list (fixture->page))),
    "stale"));
  assert_status (fixture, "Personal on fe01: 3 certificates, 1 expired · seen 11:06:40");

  iss_store_page_show (fixture->page, table, ISS_ROW_MAKER_NOW);
  g_assert_false (shows (GTK_WIDGET (fixture->page), "Personal on fe01 cannot be seen now."));
}

int
main (int   argc,
      char *argv[])
{
  gtk_test_init (&argc, &argv, NULL);
  iss_style_install ();

  g_test_add ("/store-page/status", Fixture, NULL, set_up, test_store_page_status, tear_down);
  g_test_add ("/store-page/actions", Fixture, NULL, set_up, test_store_page_actions, tear_down);
  g_test_add ("/store-page/refresh", Fixture, NULL, set_up, test_store_page_refresh, tear_down);
  g_test_add ("/store-page/follows", Fixture, NULL, set_up, test_store_page_follows, tear_down);
  g_test_add ("/store-page/unreachable", Fixture, NULL, set_up, test_store_page_unreachable,
              tear_down);

  return g_test_run ();
}
