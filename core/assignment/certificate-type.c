/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/assignment/certificate-type.h"

#include "core/base/error.h"
#include "core/base/text.h"

#include <glib/gi18n-lib.h>

#define HOUR 3600

/* What every server certificate must be: keys of 1024 bits are supported and
 * 2048 recommended. */
#define TLS_SERVER { .min_rsa_bits = 1024, .good_rsa_bits = 2048, .server_auth = TRUE }

/* Used to call another service, or to answer in another way than as a TLS server. */
#define ANY_USE { .min_rsa_bits = 1024, .good_rsa_bits = 2048 }

/* The union of the types that the documentation of the five cmdlets names, in
 * the order and the groups in which the wizard shows them. */
static const IssCertificateType types[] =
{
  {
    .name = "Default",
    .label = N_("Server default"),
    .group = N_("Default certificate"),
    .rules = TLS_SERVER,
  },
  {
    .name = "WebServicesInternal",
    .label = N_("Web services internal"),
    .group = N_("Default certificate"),
    .rules = TLS_SERVER,
  },
  {
    .name = "WebServicesExternal",
    .label = N_("Web services external"),
    .group = N_("Default certificate"),
    .rules = TLS_SERVER,
  },
  {
    .name = "OAuthTokenIssuer",
    .label = "OAuthTokenIssuer",
    .group = "OAuthTokenIssuer",
    .pool_wide = TRUE,
    .rollable = TRUE,
    .token_lifetime = 24 * HOUR,
    .rules = { .min_rsa_bits = 2048, .rsa_only = TRUE, .must_sign = TRUE, .sip_domain = TRUE },
  },
  {
    .name = "AudioVideoAuthentication",
    .label = N_("Audio/video authentication"),
    .group = N_("Edge"),
    .rollable = TRUE,
    .token_lifetime = 8 * HOUR,
    .rules = { .min_rsa_bits = 1024, .good_rsa_bits = 2048, .must_sign = TRUE },
  },
  {
    .name = "AccessEdgeExternal",
    .label = N_("Access Edge external"),
    .group = N_("Edge"),
    .rules = TLS_SERVER,
  },
  {
    .name = "DataEdgeExternal",
    .label = N_("Data Edge external"),
    .group = N_("Edge"),
    .rules = TLS_SERVER,
  },
  {
    .name = "External",
    .label = N_("Edge external"),
    .group = N_("Edge"),
    .rules = TLS_SERVER,
  },
  {
    .name = "Internal",
    .label = N_("Edge internal"),
    .group = N_("Edge"),
    .rules = TLS_SERVER,
  },
  {
    .name = "XMPPServer",
    .label = N_("XMPP server"),
    .group = N_("Edge"),
    .rules = TLS_SERVER,
  },
  {
    .name = "iPhoneAPNService",
    .label = N_("iPhone push notification"),
    .group = N_("Push notification"),
    .rules = ANY_USE,
  },
  {
    .name = "iPadAPNService",
    .label = N_("iPad push notification"),
    .group = N_("Push notification"),
    .rules = ANY_USE,
  },
  {
    .name = "MPNService",
    .label = N_("Microsoft push notification"),
    .group = N_("Push notification"),
    .rules = ANY_USE,
  },
  {
    .name = "PICWebService",
    .label = N_("Public IM connectivity web service"),
    .group = N_("Other services"),
    .rules = ANY_USE,
  },
  {
    .name = "ProvisionService",
    .label = N_("Provisioning service"),
    .group = N_("Other services"),
    .rules = ANY_USE,
  },
  {
    .name = "WsFedTokenTransfer",
    .label = N_("WS-Federation token transfer"),
    .group = N_("Other services"),
    .rules = ANY_USE,
  },
  {
    .name = "LogRetentionService",
    .label = N_("Log retention service"),
    .group = N_("Other services"),
    .rules = ANY_USE,
  },
  {
    .name = "SMPDNSWebService",
    .label = N_("SMP DNS web service"),
    .group = N_("Other services"),
    .rules = ANY_USE,
  },
  {
    .name = "TenantAdmin",
    .label = N_("Tenant administration"),
    .group = N_("Other services"),
    .rules = ANY_USE,
  },
  {
    .name = "UpgradeEngineService",
    .label = N_("Upgrade engine service"),
    .group = N_("Other services"),
    .rules = ANY_USE,
  },
};

/**
 * iss_certificate_type_get_n:
 *
 * Returns: how many certificate types there are
 */
guint
iss_certificate_type_get_n (void)
{
  return G_N_ELEMENTS (types);
}

/**
 * iss_certificate_type_get:
 * @index: below iss_certificate_type_get_n()
 *
 * Types of one group stand next to each other.
 *
 * Returns: (transfer none): a line of the table
 */
const IssCertificateType *
iss_certificate_type_get (guint index)
{
  g_return_val_if_fail (index < G_N_ELEMENTS (types), NULL);

  return &types[index];
}

/**
 * iss_certificate_type_find:
 * @name: (nullable): a name such as "OAuthTokenIssuer", in upper or lower case
 *
 * Returns: (transfer none) (nullable): the type, or %NULL if there is none of that name
 */
const IssCertificateType *
iss_certificate_type_find (const char *name)
{
  if (name == NULL)
    return NULL;

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      if (g_ascii_strcasecmp (types[i].name, name) == 0)
        return &types[i];
    }

  return NULL;
}

/**
 * iss_certificate_type_parse:
 * @name: what somebody typed, any bytes
 * @error: return location for %ISS_ERROR_INVALID_ARGUMENT, which lists the types there are
 *
 * Returns: (transfer none): the type, or %NULL with @error set
 */
const IssCertificateType *
iss_certificate_type_parse (const char  *name,
                            GError     **error)
{
  const IssCertificateType *type;
  const char *names[G_N_ELEMENTS (types) + 1] = { NULL };
  g_autofree char *shown = NULL;
  g_autofree char *list = NULL;

  g_return_val_if_fail (name != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  type = iss_certificate_type_find (name);
  if (type != NULL)
    return type;

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    names[i] = types[i].name;

  shown = iss_text_sanitise (name, -1, 64);
  list = g_strjoinv (", ", (char **) names);
  g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
               _("There is no certificate type “%s”. The types are: %s"), shown, list);

  return NULL;
}

/**
 * iss_certificate_type_get_label:
 * @self: a type
 *
 * Returns: (transfer none): how the console calls the type, translated
 */
const char *
iss_certificate_type_get_label (const IssCertificateType *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return _(self->label);
}
