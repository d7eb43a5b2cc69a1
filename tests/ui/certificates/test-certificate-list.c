/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/certificates/certificate-list.h"

#include "tests/lib/row-maker.h"
#include "tests/lib/shot.h"
#include "tests/lib/wait.h"
#include "ui/style.h"

typedef struct
{
  GtkWidget          *window;
  IssCertificateList *list;
  guint               n_selected;
} Fixture;

static void
count_cb (IssCertificateList *list,
          guint              *n)
{
  (*n)++;
}

static void
set_up (Fixture       *fixture,
        gconstpointer  unused)
{
  fixture->list = ISS_CERTIFICATE_LIST (iss_certificate_list_new ());
  fixture->window = gtk_window_new ();
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 1200, 400);
  gtk_window_set_child (GTK_WINDOW (fixture->window), GTK_WIDGET (fixture->list));
  g_signal_connect (fixture->list, "selected", G_CALLBACK (count_cb), &fixture->n_selected);
  gtk_window_present (GTK_WINDOW (fixture->window));
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  g_object_add_weak_pointer (G_OBJECT (fixture->list), (gpointer *) &fixture->list);
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  iss_wait_until (fixture->list == NULL);
}

static void
show (Fixture     *fixture,
      IssRowTable *table)
{
  iss_certificate_list_set_table (fixture->list, table, ISS_ROW_MAKER_NOW);
  iss_wait_until (!iss_row_model_is_busy (iss_certificate_list_get_model (fixture->list)));
}

static char *
dup_first_name (Fixture *fixture)
{
  GListModel *model = G_LIST_MODEL (iss_certificate_list_get_model (fixture->list));
  g_autoptr(IssRowItem) item = NULL;
  IssRow row;

  iss_wait_until (!iss_row_model_is_busy (ISS_ROW_MODEL (model)));
  item = g_list_model_get_item (model, 0);
  iss_row_model_item_get_row (item, &row);

  return g_strdup (row.issued_to);
}

static IssRowTable *
make_table (const char *first,
            const char *second)
{
  IssRowTable *table = iss_row_table_new_empty (ISS_STORE_MY);
  IssRow row;

  iss_row_maker_init (&row, 1, first);
  iss_row_maker_add (table, &row);
  iss_row_maker_init (&row, 2, second);
  row.not_after += 86400;
  iss_row_maker_add (table, &row);

  return table;
}

/* GTK 4.8 does not say what its sorter does: this is what tells if that changes. */
static void
test_certificate_list_sort (Fixture       *fixture,
                            gconstpointer  unused)
{
  static const struct
  {
    IssRowColumn column;
    gboolean     descending;
    const char  *first;
  } cases[] =
  {
    { ISS_ROW_COLUMN_ISSUED_TO, FALSE, "a" },
    { ISS_ROW_COLUMN_ISSUED_TO, TRUE, "b" },
    { ISS_ROW_COLUMN_EXPIRES, FALSE, "b" },
    { ISS_ROW_COLUMN_EXPIRES, TRUE, "a" },
    { ISS_ROW_COLUMN_ISSUED_TO, FALSE, "a" },
  };
  g_autoptr(IssRowTable) table = make_table ("b", "a");

  show (fixture, table);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *name = NULL;

      g_test_message ("%" G_GSIZE_FORMAT, i);
      iss_certificate_list_sort_by (fixture->list, cases[i].column, cases[i].descending);
      name = dup_first_name (fixture);
      g_assert_cmpstr (name, ==, cases[i].first);
    }
}

static void
test_certificate_list_selection (Fixture       *fixture,
                                 gconstpointer  unused)
{
  g_autoptr(IssRowTable) table = make_table ("a", "b");
  g_autoptr(IssRowTable) again = make_table ("a", "b");
  g_autoptr(IssRowTable) without = iss_row_table_new_empty (ISS_STORE_MY);
  IssRow row;
  IssRow selected;

  show (fixture, table);
  g_assert_false (iss_certificate_list_get_selected (fixture->list, &selected));

  iss_row_table_get_row (table, 1, &row);
  g_assert_true (iss_certificate_list_select (fixture->list, row.sha256));
  g_assert_true (iss_certificate_list_get_selected (fixture->list, &selected));
  g_assert_cmpstr (selected.issued_to, ==, "b");
  g_assert_cmpuint (fixture->n_selected, ==, 1);

  /* It stays through sorting and through reading the rows again. */
  iss_certificate_list_sort_by (fixture->list, ISS_ROW_COLUMN_ISSUED_TO, TRUE);
  show (fixture, again);
  g_assert_true (iss_certificate_list_get_selected (fixture->list, &selected));
  g_assert_cmpstr (selected.issued_to, ==, "b");
  g_assert_cmpuint (fixture->n_selected, ==, 1);

  show (fixture, without);
  g_assert_false (iss_certificate_list_get_selected (fixture->list, &selected));
  g_assert_cmpuint (fixture->n_selected, ==, 2);
}

static void
find_text (GtkWidget  *widget,
           const char *text,
           guint      *n_found)
{
  if (GTK_IS_INSCRIPTION (widget) && gtk_widget_get_mapped (widget) &&
      g_strcmp0 (gtk_inscription_get_text (GTK_INSCRIPTION (widget)), text) == 0)
    {
      (*n_found)++;
      gtk_test_accessible_assert_role (widget, GTK_ACCESSIBLE_ROLE_LABEL);
    }

  if (GTK_IS_LABEL (widget) && gtk_widget_get_mapped (widget) &&
      g_strcmp0 (gtk_label_get_text (GTK_LABEL (widget)), text) == 0)
    (*n_found)++;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    find_text (child, text, n_found);
}

static void
assert_shown (Fixture    *fixture,
              const char *text,
              guint       n_expected)
{
  guint n_found = 0;

  iss_shot_settle (fixture->window);
  find_text (GTK_WIDGET (fixture->list), text, &n_found);
  g_assert_cmpuint (n_found, ==, n_expected);
}

static void
test_certificate_list_cells (Fixture       *fixture,
                             gconstpointer  unused)
{
  g_autoptr(IssRowTable) table = make_table ("auth.contoso.example", "b");

  show (fixture, table);
  assert_shown (fixture, "auth.contoso.example", 1);
  assert_shown (fixture, "Contoso CA", 2);
  assert_shown (fixture, "RSA 2048", 2);
  assert_shown (fixture, "OK", 2);
}

static void
test_certificate_list_empty (Fixture       *fixture,
                             gconstpointer  unused)
{
  g_autoptr(IssRowTable) none = iss_row_table_new_empty (ISS_STORE_MY);
  g_autoptr(IssRowTable) table = make_table ("a", "b");

  iss_certificate_list_set_empty_text (fixture->list, "Personal on fe01 has no certificates.");
  show (fixture, none);
  assert_shown (fixture, "Personal on fe01 has no certificates.", 1);

  show (fixture, table);
  assert_shown (fixture, "Personal on fe01 has no certificates.", 0);

  iss_certificate_list_set_filter (fixture->list, "nowhere");
  iss_wait_until (!iss_row_model_is_busy (iss_certificate_list_get_model (fixture->list)));
  assert_shown (fixture, "No certificate here matches what is searched for.", 1);
}

static void
test_certificate_list_accessible (Fixture       *fixture,
                                  gconstpointer  unused)
{
  GtkWidget *view = GTK_WIDGET (iss_certificate_list_get_view (fixture->list));

  gtk_test_accessible_assert_property (view, GTK_ACCESSIBLE_PROPERTY_LABEL, "Certificates");
}

/* What is chosen is shown, in every list that has the same choice. */
static void
test_certificate_list_columns (Fixture       *fixture,
                               gconstpointer  unused)
{
  GListModel *columns =
    gtk_column_view_get_columns (iss_certificate_list_get_view (fixture->list));
  g_autoptr(GtkColumnViewColumn) purposes = g_list_model_get_item (columns,
                                                                   ISS_ROW_COLUMN_PURPOSES);
  g_autoptr(IssColumnChoice) choice = iss_column_choice_new ();

  g_assert_false (gtk_column_view_column_get_visible (purposes));
  g_assert_nonnull (gtk_column_view_column_get_header_menu (purposes));

  iss_certificate_list_set_columns (fixture->list, choice);
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->list), "column.purposes", NULL));
  g_assert_true (gtk_column_view_column_get_visible (purposes));
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->list), "column.reset", NULL));
  g_assert_false (gtk_column_view_column_get_visible (purposes));
}

int
main (int   argc,
      char *argv[])
{
  gtk_test_init (&argc, &argv, NULL);
  iss_style_install ();

  g_test_add ("/certificate-list/sort", Fixture, NULL, set_up, test_certificate_list_sort,
              tear_down);
  g_test_add ("/certificate-list/selection", Fixture, NULL, set_up,
              test_certificate_list_selection, tear_down);
  g_test_add ("/certificate-list/cells", Fixture, NULL, set_up, test_certificate_list_cells,
              tear_down);
  g_test_add ("/certificate-list/empty", Fixture, NULL, set_up, test_certificate_list_empty,
              tear_down);
  g_test_add ("/certificate-list/accessible", Fixture, NULL, set_up,
              test_certificate_list_accessible, tear_down);
  g_test_add ("/certificate-list/columns", Fixture, NULL, set_up,
              test_certificate_list_columns, tear_down);

  return g_test_run ();
}
