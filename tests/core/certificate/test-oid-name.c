/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/certificate/oid-name.h"

static void
test_names (void)
{
  static const struct
    {
      const char *(* get) (const char *oid);
      const char *oid;
      const char *name;
    } cases[] =
    {
      { iss_oid_name_get_purpose, "1.3.6.1.5.5.7.3.1", "Server Authentication" },
      { iss_oid_name_get_purpose, "2.5.29.37.0", "All purposes" },
      { iss_oid_name_get_purpose, "1.3.6.1.5.5.7.3.10", NULL },
      { iss_oid_name_get_extension, "2.5.29.17", "Subject Alternative Name" },
      { iss_oid_name_get_extension, "2.5.29.1", NULL },
      { iss_oid_name_get_other, "1.3.6.1.5.5.7.48.2", "Certification Authority Issuer" },
      { iss_oid_name_get_other, "2.5.29.17", NULL },
      { iss_oid_name_get_attribute, "2.5.4.3", "CN" },
      { iss_oid_name_get_attribute, "2.5.4", NULL },
      { iss_oid_name_get_attribute, "", NULL },
    };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpstr (cases[i].get (cases[i].oid), ==, cases[i].name);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/oid-name/names", test_names);

  return g_test_run ();
}
