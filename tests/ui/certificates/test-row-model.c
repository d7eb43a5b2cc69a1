/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/certificates/row-model.h"

#include <string.h>

#include "tests/lib/row-maker.h"
#include "tests/lib/wait.h"

typedef struct
{
  IssRowModel *model;
  guint        n_emissions;
  guint        n_published;
} Fixture;

static void
count_cb (GListModel *model,
          guint       position,
          guint       n_removed,
          guint       n_added,
          guint      *n_emissions)
{
  (*n_emissions)++;
}

static void
published_cb (IssRowModel *model,
              guint       *n_published)
{
  (*n_published)++;
}

static void
set_up (Fixture       *fixture,
        gconstpointer  unused)
{
  fixture->model = iss_row_model_new ();
  g_signal_connect (fixture->model, "items-changed", G_CALLBACK (count_cb),
                    &fixture->n_emissions);
  g_signal_connect (fixture->model, "published", G_CALLBACK (published_cb),
                    &fixture->n_published);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  /* A worker whose result nobody wants still holds the model for a moment. */
  g_object_add_weak_pointer (G_OBJECT (fixture->model), (gpointer *) &fixture->model);
  g_object_unref (fixture->model);
  iss_wait_until (fixture->model == NULL);
}

static IssRowTable *
make_table (void)
{
  static const struct
  {
    const char *name;
    int         days;
  } rows[] =
  {
    { "zebra.contoso.example", 10 },
    { "Äpfel.contoso.example", 300 },
    { "auth.contoso.example", -3 },
    { "Bravo.contoso.example", 100 },
  };
  IssRowTable *table = iss_row_table_new_empty (ISS_STORE_MY);

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      IssRow row;

      iss_row_maker_init (&row, i, rows[i].name);
      row.not_after = ISS_ROW_MAKER_NOW + rows[i].days * G_GINT64_CONSTANT (86400);
      iss_row_maker_add (table, &row);
    }

  return table;
}

/* The model as one word: the first letters. */
static void
assert_rows (Fixture    *fixture,
             const char *expected)
{
  g_autoptr(GString) text = g_string_new (NULL);

  iss_wait_until (!iss_row_model_is_busy (fixture->model));

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (fixture->model)); i++)
    {
      g_autoptr(IssRowItem) item = g_list_model_get_item (G_LIST_MODEL (fixture->model), i);
      IssRow row;

      iss_row_model_item_get_row (item, &row);
      g_string_append_unichar (text, g_utf8_get_char (row.issued_to));
    }

  g_assert_cmpstr (text->str, ==, expected);
}

static void
test_row_model_sort (Fixture       *fixture,
                     gconstpointer  unused)
{
  g_autoptr(IssRowTable) table = make_table ();

  iss_row_model_set_table (fixture->model, table, ISS_ROW_MAKER_NOW);
  assert_rows (fixture, "zÄaB");
  g_assert_cmpuint (fixture->n_emissions, ==, 1);

  iss_row_model_set_sort (fixture->model, ISS_ROW_COLUMN_ISSUED_TO, FALSE);
  assert_rows (fixture, "aBzÄ");   /* the C locale: code points */
  g_assert_cmpuint (fixture->n_emissions, ==, 2);

  iss_row_model_set_sort (fixture->model, ISS_ROW_COLUMN_EXPIRES, FALSE);
  assert_rows (fixture, "azBÄ");
  iss_row_model_set_sort (fixture->model, ISS_ROW_COLUMN_EXPIRES, TRUE);
  assert_rows (fixture, "ÄBza");

  /* Equal rows keep the table's order, either way. */
  iss_row_model_set_sort (fixture->model, ISS_ROW_COLUMN_ISSUED_BY, FALSE);
  assert_rows (fixture, "zÄaB");
  iss_row_model_set_sort (fixture->model, ISS_ROW_COLUMN_ISSUED_BY, TRUE);
  assert_rows (fixture, "zÄaB");

  iss_row_model_set_sort (fixture->model, ISS_ROW_COLUMN_STATUS, FALSE);
  assert_rows (fixture, "ÄBza");
}

static void
test_row_model_every_column (Fixture       *fixture,
                             gconstpointer  unused)
{
  g_autoptr(IssRowTable) table = iss_row_maker_new_table (ISS_STORE_MY, 200);

  iss_row_model_set_table (fixture->model, table, ISS_ROW_MAKER_NOW);

  for (IssRowColumn column = 0; column < ISS_N_ROW_COLUMNS; column++)
    {
      iss_row_model_set_sort (fixture->model, column, TRUE);
      iss_wait_until (!iss_row_model_is_busy (fixture->model));
      g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->model)), ==, 200);
    }
}

static void
test_row_model_filter (Fixture       *fixture,
                       gconstpointer  unused)
{
  static const struct
  {
    const char *text;
    const char *rows;
  } cases[] =
  {
    { "", "zÄaB" },
    { "BRA", "zB" },
    { "äpfel", "Ä" },
    { " auth ", "a" },
    { "no such", "" },
    { "contoso ca", "zÄaB" },
  };
  g_autoptr(IssRowTable) table = make_table ();

  iss_row_model_set_table (fixture->model, table, ISS_ROW_MAKER_NOW);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("%s", cases[i].text);
      iss_row_model_set_filter (fixture->model, cases[i].text);
      assert_rows (fixture, cases[i].rows);
    }
}

static void
test_row_model_filter_thumbprint (Fixture       *fixture,
                                  gconstpointer  unused)
{
  g_autoptr(IssRowTable) table = iss_row_table_new_empty (ISS_STORE_MY);
  IssRow row;

  iss_row_maker_init (&row, 1, "x");
  memset (row.sha1, 0x3f, sizeof row.sha1);
  iss_row_maker_add (table, &row);
  iss_row_maker_init (&row, 2, "y");
  iss_row_maker_add (table, &row);

  iss_row_model_set_table (fixture->model, table, ISS_ROW_MAKER_NOW);
  iss_row_model_set_filter (fixture->model, "3F3F 3f3f");
  assert_rows (fixture, "x");
}

static void
test_row_model_same_object (Fixture       *fixture,
                            gconstpointer  unused)
{
  g_autoptr(IssRowTable) table = make_table ();
  g_autoptr(IssRowTable) other = make_table ();
  g_autoptr(GObject) first = NULL;
  g_autoptr(GObject) again = NULL;
  g_autoptr(GObject) new_first = NULL;
  IssRow row;

  iss_row_model_set_table (fixture->model, table, ISS_ROW_MAKER_NOW);
  assert_rows (fixture, "zÄaB");
  first = g_list_model_get_item (G_LIST_MODEL (fixture->model), 0);

  iss_row_model_set_sort (fixture->model, ISS_ROW_COLUMN_EXPIRES, TRUE);
  assert_rows (fixture, "ÄBza");
  again = g_list_model_get_item (G_LIST_MODEL (fixture->model), 2);
  g_assert_true (first == again);

  /* Another table's rows are other objects; the old one still reads. */
  iss_row_model_set_table (fixture->model, other, ISS_ROW_MAKER_NOW);
  assert_rows (fixture, "ÄBza");
  new_first = g_list_model_get_item (G_LIST_MODEL (fixture->model), 2);
  g_assert_true (new_first != first);
  g_clear_object (&table);
  iss_row_model_item_get_row (ISS_ROW_ITEM (first), &row);
  g_assert_cmpstr (row.issued_to, ==, "zebra.contoso.example");

  g_assert_null (g_list_model_get_item (G_LIST_MODEL (fixture->model), 4));
}

static void
test_row_model_stale_results (Fixture       *fixture,
                              gconstpointer  unused)
{
  g_autoptr(IssRowTable) big = iss_row_maker_new_table (ISS_STORE_MY, 2000);
  g_autoptr(IssRowTable) small = make_table ();

  iss_row_model_set_table (fixture->model, big, ISS_ROW_MAKER_NOW);
  iss_row_model_set_sort (fixture->model, ISS_ROW_COLUMN_ISSUED_TO, FALSE);
  iss_row_model_set_filter (fixture->model, "host");
  iss_row_model_set_filter (fixture->model, "");
  iss_row_model_set_table (fixture->model, small, ISS_ROW_MAKER_NOW);
  g_assert_true (iss_row_model_is_busy (fixture->model));

  /* Only what was asked for last is published, and once. */
  assert_rows (fixture, "aBzÄ");
  iss_wait_for_idle ();
  g_assert_cmpuint (fixture->n_emissions, ==, 1);
  g_assert_cmpuint (fixture->n_published, ==, 1);
}

static void
test_row_model_no_table (Fixture       *fixture,
                         gconstpointer  unused)
{
  g_autoptr(IssRowTable) table = make_table ();

  iss_row_model_set_table (fixture->model, table, ISS_ROW_MAKER_NOW);
  assert_rows (fixture, "zÄaB");
  iss_row_model_set_sort (fixture->model, ISS_ROW_COLUMN_EXPIRES, TRUE);
  iss_row_model_set_table (fixture->model, NULL, ISS_ROW_MAKER_NOW);
  assert_rows (fixture, "");
  iss_wait_for_idle ();
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->model)), ==, 0);
  g_assert_null (iss_row_model_get_table (fixture->model));
}

static void
test_row_model_find (Fixture       *fixture,
                     gconstpointer  unused)
{
  g_autoptr(IssRowTable) table = make_table ();
  guint8 unknown[32] = { 0 };
  guint position = 99;
  IssRow row;

  iss_row_model_set_table (fixture->model, table, ISS_ROW_MAKER_NOW);
  iss_row_model_set_sort (fixture->model, ISS_ROW_COLUMN_EXPIRES, TRUE);
  assert_rows (fixture, "ÄBza");

  g_assert_false (iss_row_model_find (fixture->model, unknown, &position));
  g_assert_cmpuint (position, ==, 99);
  iss_row_table_get_row (table, 0, &row);
  g_assert_true (iss_row_model_find (fixture->model, row.sha256, &position));
  g_assert_cmpuint (position, ==, 2);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/row-model/sort", Fixture, NULL, set_up, test_row_model_sort, tear_down);
  g_test_add ("/row-model/every-column", Fixture, NULL, set_up, test_row_model_every_column,
              tear_down);
  g_test_add ("/row-model/filter", Fixture, NULL, set_up, test_row_model_filter, tear_down);
  g_test_add ("/row-model/filter-thumbprint", Fixture, NULL, set_up,
              test_row_model_filter_thumbprint, tear_down);
  g_test_add ("/row-model/same-object", Fixture, NULL, set_up, test_row_model_same_object,
              tear_down);
  g_test_add ("/row-model/stale-results", Fixture, NULL, set_up, test_row_model_stale_results,
              tear_down);
  g_test_add ("/row-model/no-table", Fixture, NULL, set_up, test_row_model_no_table, tear_down);
  g_test_add ("/row-model/find", Fixture, NULL, set_up, test_row_model_find, tear_down);

  return g_test_run ();
}
