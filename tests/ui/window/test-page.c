/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/window/page.h"

#define TEST_TYPE_PAGE (test_page_get_type ())

/* A page that answers nothing. */
G_DECLARE_FINAL_TYPE (TestPage, test_page, TEST, PAGE, GtkWidget)

struct _TestPage
{
  GtkWidget parent_instance;
};

static void
test_page_page_init (IssPageInterface *iface)
{
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TestPage, test_page, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (ISS_TYPE_PAGE, test_page_page_init))

static void
test_page_class_init (TestPageClass *klass)
{
}

static void
test_page_init (TestPage *self)
{
}

static void
count_cb (IssPage *page,
          guint   *n)
{
  (*n)++;
}

static void
test_page_defaults (void)
{
  IssPage *page = g_object_ref_sink (g_object_new (TEST_TYPE_PAGE, NULL));
  guint n = 0;

  g_assert_null (iss_page_dup_title (page));
  g_assert_null (iss_page_dup_status (page));
  g_assert_null (iss_page_dup_actions (page));
  g_assert_null (iss_page_get_action_group (page));
  g_assert_false (iss_page_is_busy (page));
  g_assert_false (iss_page_can_filter (page));
  iss_page_refresh (page);
  iss_page_set_filter (page, "x");

  g_signal_connect (page, "changed", G_CALLBACK (count_cb), &n);
  iss_page_changed (page);
  g_assert_cmpuint (n, ==, 1);

  g_assert_finalize_object (page);
}

int
main (int   argc,
      char *argv[])
{
  gtk_test_init (&argc, &argv, NULL);

  g_test_add_func ("/page/defaults", test_page_defaults);

  return g_test_run ();
}
