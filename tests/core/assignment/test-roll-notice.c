/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/assignment/roll-notice.h"

#include <string.h>

#define ROLL 1815350400    /* 2027-07-12T00:00:00Z */

static void
test_types (void)
{
  static const struct
  {
    const char *type;
    guint       n;
    guint       n_by_hand;
    const char *says;
  } cases[] = {
    { "OAuthTokenIssuer", 4, 3,
      "Microsoft 365, if the deployment is hybrid\n"
      "    Upload the same file to the service principal before 12 July 2027, 00:00 (UTC); delete "
      "the old credential, by its key ID, after 13 July 2027, 00:00 (UTC).\n" },
    { "OAuthTokenIssuer", 4, 3, "https://pool01.contoso.example/metadata/json/1" },
    { "OAuthTokenIssuer", 4, 3, "Send them next without its key" },
    { "AudioVideoAuthentication", 2, 1, "Each must have next staged before the first of them" },
    { "AudioVideoAuthentication", 2, 1, "keep for up to 8 hours" },
    { "Default", 1, 0, "there is no overlap" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const IssCertificateType *type = iss_certificate_type_find (cases[i].type);
      IssRollPlan plan = { "auth", ROLL + 172800, "next", 0, ROLL + 864000, type->token_lifetime,
                           1 };
      g_autoptr(GPtrArray) notices = NULL;
      g_autofree char *text = NULL;
      guint n_by_hand = 0;

      notices = iss_roll_notice_list (type, &plan, ROLL, "pool01.contoso.example", NULL);
      text = iss_roll_notice_dup_text (notices);
      for (guint k = 0; k < notices->len; k++)
        n_by_hand += ((IssRollNotice *) g_ptr_array_index (notices, k))->by_hand ? 1 : 0;
      g_assert_cmpuint (notices->len, ==, cases[i].n);
      g_assert_cmpuint (n_by_hand, ==, cases[i].n_by_hand);
      g_assert_nonnull (strstr (text, cases[i].says));
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/roll-notice/types", test_types);

  return g_test_run ();
}
